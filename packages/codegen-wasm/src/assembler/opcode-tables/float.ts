/** Arithmetic on f32 and f64, and what turns one scalar type into another. */

/** Signature, then name, then opcode. */
export const floatOps = {
  'f32 f32 -> i32': {
    'f32.eq': 0x5b,
    'f32.ne': 0x5c,
    'f32.lt': 0x5d,
    'f32.gt': 0x5e,
    'f32.le': 0x5f,
    'f32.ge': 0x60,
  },
  'f32 -> f32': {
    'f32.abs': 0x8b,
    'f32.neg': 0x8c,
    'f32.ceil': 0x8d,
    'f32.floor': 0x8e,
    'f32.trunc': 0x8f,
    'f32.nearest': 0x90,
    'f32.sqrt': 0x91,
  },
  'f32 f32 -> f32': {
    'f32.add': 0x92,
    'f32.sub': 0x93,
    'f32.mul': 0x94,
    'f32.div': 0x95,
    'f32.min': 0x96,
    'f32.max': 0x97,
    'f32.copysign': 0x98,
  },
  'f64 f64 -> i32': {
    'f64.eq': 0x61,
    'f64.ne': 0x62,
    'f64.lt': 0x63,
    'f64.gt': 0x64,
    'f64.le': 0x65,
    'f64.ge': 0x66,
  },
  'f64 -> f64': {
    'f64.abs': 0x99,
    'f64.neg': 0x9a,
    'f64.ceil': 0x9b,
    'f64.floor': 0x9c,
    'f64.trunc': 0x9d,
    'f64.nearest': 0x9e,
    'f64.sqrt': 0x9f,
  },
  'f64 f64 -> f64': {
    'f64.add': 0xa0,
    'f64.sub': 0xa1,
    'f64.mul': 0xa2,
    'f64.div': 0xa3,
    'f64.min': 0xa4,
    'f64.max': 0xa5,
    'f64.copysign': 0xa6,
  },
} as const;

/** Signature, then name, then opcode. */
export const conversionOps = {
  'i64 -> i32': {
    'i32.wrap_i64': 0xa7,
  },
  'f32 -> i32': {
    'i32.trunc_f32_s': 0xa8,
    'i32.trunc_f32_u': 0xa9,
    'i32.reinterpret_f32': 0xbc,
  },
  'f64 -> i32': {
    'i32.trunc_f64_s': 0xaa,
    'i32.trunc_f64_u': 0xab,
  },
  'i32 -> i64': {
    'i64.extend_i32_s': 0xac,
    'i64.extend_i32_u': 0xad,
  },
  'f32 -> i64': {
    'i64.trunc_f32_s': 0xae,
    'i64.trunc_f32_u': 0xaf,
  },
  'f64 -> i64': {
    'i64.trunc_f64_s': 0xb0,
    'i64.trunc_f64_u': 0xb1,
    'i64.reinterpret_f64': 0xbd,
  },
  'i32 -> f32': {
    'f32.convert_i32_s': 0xb2,
    'f32.convert_i32_u': 0xb3,
    'f32.reinterpret_i32': 0xbe,
  },
  'i64 -> f32': {
    'f32.convert_i64_s': 0xb4,
    'f32.convert_i64_u': 0xb5,
  },
  'f64 -> f32': {
    'f32.demote_f64': 0xb6,
  },
  'i32 -> f64': {
    'f64.convert_i32_s': 0xb7,
    'f64.convert_i32_u': 0xb8,
  },
  'i64 -> f64': {
    'f64.convert_i64_s': 0xb9,
    'f64.convert_i64_u': 0xba,
    'f64.reinterpret_i64': 0xbf,
  },
  'f32 -> f64': {
    'f64.promote_f32': 0xbb,
  },
} as const;

/** Behind the prefix 0xfc. */
export const saturatingOps = {
  'f32 -> i32': {
    'i32.trunc_sat_f32_s': 0x00,
    'i32.trunc_sat_f32_u': 0x01,
  },
  'f64 -> i32': {
    'i32.trunc_sat_f64_s': 0x02,
    'i32.trunc_sat_f64_u': 0x03,
  },
  'f32 -> i64': {
    'i64.trunc_sat_f32_s': 0x04,
    'i64.trunc_sat_f32_u': 0x05,
  },
  'f64 -> i64': {
    'i64.trunc_sat_f64_s': 0x06,
    'i64.trunc_sat_f64_u': 0x07,
  },
} as const;
