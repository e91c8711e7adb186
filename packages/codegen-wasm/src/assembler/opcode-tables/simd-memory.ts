/** What reads and writes memory by vectors, and single lanes. All behind the prefix 0xfd. */

/** Signature, then name, then opcode and bytes accessed. */
export const simdLoadOps = {
  'i32 -> v128': {
    'v128.load': [0x00, 16],
    'v128.load8x8_s': [0x01, 8],
    'v128.load8x8_u': [0x02, 8],
    'v128.load16x4_s': [0x03, 8],
    'v128.load16x4_u': [0x04, 8],
    'v128.load32x2_s': [0x05, 8],
    'v128.load32x2_u': [0x06, 8],
    'v128.load8_splat': [0x07, 1],
    'v128.load16_splat': [0x08, 2],
    'v128.load32_splat': [0x09, 4],
    'v128.load64_splat': [0x0a, 8],
    'v128.load32_zero': [0x5c, 4],
    'v128.load64_zero': [0x5d, 8],
  },
} as const;

/** Signature, then name, then opcode and bytes accessed. */
export const simdStoreOps = {
  'i32 v128 ->': {
    'v128.store': [0x0b, 16],
  },
} as const;

/** Signature, then name, then opcode and bytes accessed, which are one lane. */
export const loadLaneOps = {
  'i32 v128 -> v128': {
    'v128.load8_lane': [0x54, 1],
    'v128.load16_lane': [0x55, 2],
    'v128.load32_lane': [0x56, 4],
    'v128.load64_lane': [0x57, 8],
  },
} as const;

/** Signature, then name, then opcode and bytes accessed, which are one lane. */
export const storeLaneOps = {
  'i32 v128 ->': {
    'v128.store8_lane': [0x58, 1],
    'v128.store16_lane': [0x59, 2],
    'v128.store32_lane': [0x5a, 4],
    'v128.store64_lane': [0x5b, 8],
  },
} as const;

/** Signature, then name, then opcode and number of lanes. */
export const laneOps = {
  'v128 -> i32': {
    'i8x16.extract_lane_s': [0x15, 16],
    'i8x16.extract_lane_u': [0x16, 16],
    'i16x8.extract_lane_s': [0x18, 8],
    'i16x8.extract_lane_u': [0x19, 8],
    'i32x4.extract_lane': [0x1b, 4],
  },
  'v128 i32 -> v128': {
    'i8x16.replace_lane': [0x17, 16],
    'i16x8.replace_lane': [0x1a, 8],
    'i32x4.replace_lane': [0x1c, 4],
  },
  'v128 -> i64': {
    'i64x2.extract_lane': [0x1d, 2],
  },
  'v128 i64 -> v128': {
    'i64x2.replace_lane': [0x1e, 2],
  },
  'v128 -> f32': {
    'f32x4.extract_lane': [0x1f, 4],
  },
  'v128 f32 -> v128': {
    'f32x4.replace_lane': [0x20, 4],
  },
  'v128 -> f64': {
    'f64x2.extract_lane': [0x21, 2],
  },
  'v128 f64 -> v128': {
    'f64x2.replace_lane': [0x22, 2],
  },
} as const;

/** Opcode and number of lanes. */
export const shuffleOps = {
  'v128 v128 -> v128': {
    'i8x16.shuffle': [0x0d, 16],
  },
} as const;
