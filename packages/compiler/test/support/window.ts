/** One axis of a sliding window; `before` and `after` are its padding. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** The windows of all axes as the attributes of a convolution or pool, without the kernel. */
export function attributesOf(windows: readonly Window[]) {
  const each = (key: keyof Window): number[] => windows.map((window) => window[key]);
  return {
    strides: each('stride'),
    dilations: each('dilation'),
    pads: [...each('before'), ...each('after')],
  };
}

/** The span of the taps of a window, `(kernel - 1) * dilation + 1`. */
export function extentOf({ kernel, dilation }: Window): number {
  return (kernel - 1) * dilation + 1;
}
