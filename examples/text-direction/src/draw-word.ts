/** Pictures of words, in a font of five by seven dots, so that the example needs no image files. */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Grey values in [0, 255], row by row. */
  readonly pixels: Float32Array;
}

const font: Readonly<Record<string, readonly string[]>> = {
  C: [' ### ', '#   #', '#    ', '#    ', '#    ', '#   #', ' ### '],
  D: ['###  ', '#  # ', '#   #', '#   #', '#   #', '#  # ', '###  '],
  E: ['#####', '#    ', '#    ', '#### ', '#    ', '#    ', '#####'],
  F: ['#####', '#    ', '#    ', '#### ', '#    ', '#    ', '#    '],
  G: [' ### ', '#   #', '#    ', '# ###', '#   #', '#   #', ' ### '],
  H: ['#   #', '#   #', '#   #', '#####', '#   #', '#   #', '#   #'],
  I: [' ### ', '  #  ', '  #  ', '  #  ', '  #  ', '  #  ', ' ### '],
  L: ['#    ', '#    ', '#    ', '#    ', '#    ', '#    ', '#####'],
  M: ['#   #', '## ##', '# # #', '# # #', '#   #', '#   #', '#   #'],
  O: [' ### ', '#   #', '#   #', '#   #', '#   #', '#   #', ' ### '],
  P: ['#### ', '#   #', '#   #', '#### ', '#    ', '#    ', '#    '],
  R: ['#### ', '#   #', '#   #', '#### ', '# #  ', '#  # ', '#   #'],
  T: ['#####', '  #  ', '  #  ', '  #  ', '  #  ', '  #  ', '  #  '],
  W: ['#   #', '#   #', '#   #', '# # #', '# # #', '## ##', '#   #'],
};

const paper = 235;
const ink = 25;

/** A word in the middle of a sheet, as large as fits, its edges as soft as a camera's. */
export function drawWord(word: string, width: number, height: number): Picture {
  const columns = word.length * 6 - 1;
  const dot = Math.min((width * 0.9) / columns, (height * 0.75) / 7);
  const left = (width - columns * dot) / 2;
  const top = (height - 7 * dot) / 2;
  const pixels = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels[y * width + x] = paper + (ink - paper) * inkAt(word, x, y, left, top, dot);
    }
  }
  return { width, height, pixels };
}

/** The same picture upside down. */
export function turnAround({ width, height, pixels }: Picture): Picture {
  return { width, height, pixels: Float32Array.from(pixels).reverse() };
}

/** How much of a pixel is ink, from sixteen samples over it and a little around it. */
function inkAt(word: string, x: number, y: number, left: number, top: number, dot: number): number {
  let hits = 0;
  for (let i = 0; i < 16; i++) {
    const column = Math.floor((x + ((i % 4) - 1) / 2 + 0.25 - left) / dot);
    const row = Math.floor((y + (Math.floor(i / 4) - 1) / 2 + 0.25 - top) / dot);
    const letter = word.charAt(Math.floor(column / 6));
    if (column >= 0 && font[letter]?.[row]?.charAt(column % 6) === '#') hits++;
  }
  return hits / 16;
}
