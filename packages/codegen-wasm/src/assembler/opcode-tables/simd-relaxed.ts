/** Relaxed SIMD: results may differ between machines. All behind the prefix 0xfd. */

/** Signature, then name, then opcode. */
export const simdRelaxedOps = {
  'v128 v128 -> v128': {
    'i8x16.relaxed_swizzle': 0x100,
    'f32x4.relaxed_min': 0x10d,
    'f32x4.relaxed_max': 0x10e,
    'f64x2.relaxed_min': 0x10f,
    'f64x2.relaxed_max': 0x110,
    'i16x8.relaxed_q15mulr_s': 0x111,
    'i16x8.relaxed_dot_i8x16_i7x16_s': 0x112,
  },
  'v128 -> v128': {
    'i32x4.relaxed_trunc_f32x4_s': 0x101,
    'i32x4.relaxed_trunc_f32x4_u': 0x102,
    'i32x4.relaxed_trunc_f64x2_s_zero': 0x103,
    'i32x4.relaxed_trunc_f64x2_u_zero': 0x104,
  },
  'v128 v128 v128 -> v128': {
    'f32x4.relaxed_madd': 0x105,
    'f32x4.relaxed_nmadd': 0x106,
    'f64x2.relaxed_madd': 0x107,
    'f64x2.relaxed_nmadd': 0x108,
    'i8x16.relaxed_laneselect': 0x109,
    'i16x8.relaxed_laneselect': 0x10a,
    'i32x4.relaxed_laneselect': 0x10b,
    'i64x2.relaxed_laneselect': 0x10c,
    'i32x4.relaxed_dot_i8x16_i7x16_add_s': 0x113,
  },
} as const;
