/** What reads and writes memory by scalars or in bulk. */

/** Signature, then name, then opcode and bytes accessed. */
export const loadOps = {
  'i32 -> i32': {
    'i32.load': [0x28, 4],
    'i32.load8_s': [0x2c, 1],
    'i32.load8_u': [0x2d, 1],
    'i32.load16_s': [0x2e, 2],
    'i32.load16_u': [0x2f, 2],
  },
  'i32 -> i64': {
    'i64.load': [0x29, 8],
    'i64.load8_s': [0x30, 1],
    'i64.load8_u': [0x31, 1],
    'i64.load16_s': [0x32, 2],
    'i64.load16_u': [0x33, 2],
    'i64.load32_s': [0x34, 4],
    'i64.load32_u': [0x35, 4],
  },
  'i32 -> f32': {
    'f32.load': [0x2a, 4],
  },
  'i32 -> f64': {
    'f64.load': [0x2b, 8],
  },
} as const;

/** Signature, then name, then opcode and bytes accessed. */
export const storeOps = {
  'i32 i32 ->': {
    'i32.store': [0x36, 4],
    'i32.store8': [0x3a, 1],
    'i32.store16': [0x3b, 2],
  },
  'i32 i64 ->': {
    'i64.store': [0x37, 8],
    'i64.store8': [0x3c, 1],
    'i64.store16': [0x3d, 2],
    'i64.store32': [0x3e, 4],
  },
  'i32 f32 ->': {
    'f32.store': [0x38, 4],
  },
  'i32 f64 ->': {
    'f64.store': [0x39, 8],
  },
} as const;

/** Signature, then name, then opcode and how many memory indices follow it. */
export const memoryOps = {
  '-> i32': {
    'memory.size': [0x3f, 1],
  },
  'i32 -> i32': {
    'memory.grow': [0x40, 1],
  },
} as const;

/** Behind the prefix 0xfc; opcode and how many memory indices follow it. */
export const bulkMemoryOps = {
  'i32 i32 i32 ->': {
    'memory.copy': [0x0a, 2],
    'memory.fill': [0x0b, 1],
  },
} as const;
