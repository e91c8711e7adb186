// Shader 0

@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read_write> s1: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 75u) {
    let i3 = i32(id / 3u);
    let i1 = i32(id % 3u);
    s1[i1 + i3 * 3] = s0[i1 * 25 + i3];
  }
}

// Shader 1

@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read> s1: array<f32>;
@group(0) @binding(2) var<storage, read_write> s2: array<f32>;

fn at_least(x: f32, bound: f32) -> f32 {
  return select(x, bound, x < bound);
}

fn nest0(id: u32) {
  let d = i32(id);
  var s00 = 0.0f;
  var s01 = 0.0f;
  var s10 = 0.0f;
  var s11 = 0.0f;
  var s20 = 0.0f;
  var s21 = 0.0f;
  var s30 = 0.0f;
  var s31 = 0.0f;
  for (var k = 0; k < 3; k++) {
    let b0 = s1[k * 4];
    let a0 = s0[k + d * 15];
    let b1 = s1[k * 4 + 1];
    let a1 = s0[k + d * 15 + 3];
    let a2 = s0[k + d * 15 + 6];
    let a3 = s0[k + d * 15 + 9];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s30 += a3 * b0;
    s31 += a3 * b1;
  }
  s2[d * 14 + 16] = at_least(s00, 0.0f);
  s2[d * 14 + 17] = at_least(s01, 0.0f);
  s2[d * 14 + 18] = at_least(s10, 0.0f);
  s2[d * 14 + 19] = at_least(s11, 0.0f);
  s2[d * 14 + 20] = at_least(s20, 0.0f);
  s2[d * 14 + 21] = at_least(s21, 0.0f);
  s2[d * 14 + 22] = at_least(s30, 0.0f);
  s2[d * 14 + 23] = at_least(s31, 0.0f);
  var s00_1 = 0.0f;
  var s01_1 = 0.0f;
  for (var k_1 = 0; k_1 < 3; k_1++) {
    let b0_1 = s1[k_1 * 4];
    let a0_1 = s0[k_1 + d * 15 + 12];
    let b1_1 = s1[k_1 * 4 + 1];
    s00_1 += a0_1 * b0_1;
    s01_1 += a0_1 * b1_1;
  }
  s2[d * 14 + 24] = at_least(s00_1, 0.0f);
  s2[d * 14 + 25] = at_least(s01_1, 0.0f);
}

fn nest1(id: u32) {
  let h3_2 = i32(id / 2u) - 1;
  let h1_4 = i32(id % 2u);
  s2[h1_4 + h3_2 * 2 + 2] = 0.0f;
}

fn nest2(id: u32) {
  let h3_1_1 = i32(id / 2u) - 1;
  let h1_1_1 = i32(id % 2u);
  s2[h1_1_1 + h3_1_1 * 2 + 86] = 0.0f;
}

fn nest3(id: u32) {
  let h2_2 = i32(id / 2u);
  let h1_2_1 = i32(id % 2u);
  s2[h1_2_1 + h2_2 * 14 + 14] = 0.0f;
}

fn nest4(id: u32) {
  let h2_1_1 = i32(id / 2u);
  let h1_3_1 = i32(id % 2u);
  s2[h1_3_1 + h2_1_1 * 14 + 26] = 0.0f;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 5u) {
    nest0(id);
  }
  if (id >= 64u && id < 78u) {
    nest1(id - 64u);
  }
  if (id >= 128u && id < 142u) {
    nest2(id - 128u);
  }
  if (id >= 192u && id < 202u) {
    nest3(id - 192u);
  }
  if (id >= 256u && id < 266u) {
    nest4(id - 256u);
  }
}

// Shader 2

@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read> s1: array<f32>;
@group(0) @binding(2) var<storage, read_write> s2: array<f32>;

fn at_least(x: f32, bound: f32) -> f32 {
  return select(x, bound, x < bound);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 5u) {
    let d = i32(id);
    var s00 = 0.0f;
    var s01 = 0.0f;
    var s02 = 0.0f;
    var s10 = 0.0f;
    var s11 = 0.0f;
    var s12 = 0.0f;
    var s20 = 0.0f;
    var s21 = 0.0f;
    var s22 = 0.0f;
    var s30 = 0.0f;
    var s31 = 0.0f;
    var s32 = 0.0f;
    for (var k = 0; k < 2; k++) {
      let b0 = s1[k * 4];
      let a0 = s0[k + d * 14 + 16];
      let b1 = s1[k * 4 + 1];
      let a1 = s0[k + d * 14 + 18];
      let b2 = s1[k * 4 + 2];
      let a2 = s0[k + d * 14 + 20];
      let a3 = s0[k + d * 14 + 22];
      s00 += a0 * b0;
      s01 += a0 * b1;
      s02 += a0 * b2;
      s10 += a1 * b0;
      s11 += a1 * b1;
      s12 += a1 * b2;
      s20 += a2 * b0;
      s21 += a2 * b1;
      s22 += a2 * b2;
      s30 += a3 * b0;
      s31 += a3 * b1;
      s32 += a3 * b2;
    }
    s2[d * 30] = at_least(s00, 0.0f);
    s2[d * 30 + 1] = at_least(s01, 0.0f);
    s2[d * 30 + 2] = at_least(s02, 0.0f);
    s2[d * 30 + 6] = at_least(s10, 0.0f);
    s2[d * 30 + 7] = at_least(s11, 0.0f);
    s2[d * 30 + 8] = at_least(s12, 0.0f);
    s2[d * 30 + 12] = at_least(s20, 0.0f);
    s2[d * 30 + 13] = at_least(s21, 0.0f);
    s2[d * 30 + 14] = at_least(s22, 0.0f);
    s2[d * 30 + 18] = at_least(s30, 0.0f);
    s2[d * 30 + 19] = at_least(s31, 0.0f);
    s2[d * 30 + 20] = at_least(s32, 0.0f);
    var s00_1 = 0.0f;
    var s01_1 = 0.0f;
    var s02_1 = 0.0f;
    for (var k_1 = 0; k_1 < 2; k_1++) {
      let b0_1 = s1[k_1 * 4];
      let a0_1 = s0[k_1 + d * 14 + 24];
      let b1_1 = s1[k_1 * 4 + 1];
      let b2_1 = s1[k_1 * 4 + 2];
      s00_1 += a0_1 * b0_1;
      s01_1 += a0_1 * b1_1;
      s02_1 += a0_1 * b2_1;
    }
    s2[d * 30 + 24] = at_least(s00_1, 0.0f);
    s2[d * 30 + 25] = at_least(s01_1, 0.0f);
    s2[d * 30 + 26] = at_least(s02_1, 0.0f);
  }
}

// Shader 3

@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read> s1: array<f32>;
@group(0) @binding(2) var<storage, read_write> s2: array<f32>;

fn at_least(x: f32, bound: f32) -> f32 {
  return select(x, bound, x < bound);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 5u) {
    let d = i32(id);
    var s00 = 0.0f;
    var s01 = 0.0f;
    var s02 = 0.0f;
    var s10 = 0.0f;
    var s11 = 0.0f;
    var s12 = 0.0f;
    var s20 = 0.0f;
    var s21 = 0.0f;
    var s22 = 0.0f;
    var s30 = 0.0f;
    var s31 = 0.0f;
    var s32 = 0.0f;
    for (var d_1 = 0; d_1 < 3; d_1++) {
      let b0 = s1[d_1 * 24];
      let a0 = s0[d * 14 + d_1 * 14];
      let b1 = s1[d_1 * 24 + 1];
      let a1 = s0[d * 14 + d_1 * 14 + 2];
      let b2 = s1[d_1 * 24 + 2];
      let a2 = s0[d * 14 + d_1 * 14 + 4];
      let a3 = s0[d * 14 + d_1 * 14 + 6];
      s00 += a0 * b0;
      s01 += a0 * b1;
      s02 += a0 * b2;
      s10 += a1 * b0;
      s11 += a1 * b1;
      s12 += a1 * b2;
      s20 += a2 * b0;
      s21 += a2 * b1;
      s22 += a2 * b2;
      s30 += a3 * b0;
      s31 += a3 * b1;
      s32 += a3 * b2;
      let b0_1 = s1[d_1 * 24 + 4];
      let a0_1 = s0[d * 14 + d_1 * 14 + 1];
      let b1_1 = s1[d_1 * 24 + 5];
      let a1_1 = s0[d * 14 + d_1 * 14 + 3];
      let b2_1 = s1[d_1 * 24 + 6];
      let a2_1 = s0[d * 14 + d_1 * 14 + 5];
      let a3_1 = s0[d * 14 + d_1 * 14 + 7];
      s00 += a0_1 * b0_1;
      s01 += a0_1 * b1_1;
      s02 += a0_1 * b2_1;
      s10 += a1_1 * b0_1;
      s11 += a1_1 * b1_1;
      s12 += a1_1 * b2_1;
      s20 += a2_1 * b0_1;
      s21 += a2_1 * b1_1;
      s22 += a2_1 * b2_1;
      s30 += a3_1 * b0_1;
      s31 += a3_1 * b1_1;
      s32 += a3_1 * b2_1;
      let b0_2 = s1[d_1 * 24 + 8];
      let a0_2 = s0[d * 14 + d_1 * 14 + 2];
      let b1_2 = s1[d_1 * 24 + 9];
      let a1_2 = s0[d * 14 + d_1 * 14 + 4];
      let b2_2 = s1[d_1 * 24 + 10];
      let a2_2 = s0[d * 14 + d_1 * 14 + 6];
      let a3_2 = s0[d * 14 + d_1 * 14 + 8];
      s00 += a0_2 * b0_2;
      s01 += a0_2 * b1_2;
      s02 += a0_2 * b2_2;
      s10 += a1_2 * b0_2;
      s11 += a1_2 * b1_2;
      s12 += a1_2 * b2_2;
      s20 += a2_2 * b0_2;
      s21 += a2_2 * b1_2;
      s22 += a2_2 * b2_2;
      s30 += a3_2 * b0_2;
      s31 += a3_2 * b1_2;
      s32 += a3_2 * b2_2;
      let b0_3 = s1[d_1 * 24 + 12];
      let a0_3 = s0[d * 14 + d_1 * 14 + 3];
      let b1_3 = s1[d_1 * 24 + 13];
      let a1_3 = s0[d * 14 + d_1 * 14 + 5];
      let b2_3 = s1[d_1 * 24 + 14];
      let a2_3 = s0[d * 14 + d_1 * 14 + 7];
      let a3_3 = s0[d * 14 + d_1 * 14 + 9];
      s00 += a0_3 * b0_3;
      s01 += a0_3 * b1_3;
      s02 += a0_3 * b2_3;
      s10 += a1_3 * b0_3;
      s11 += a1_3 * b1_3;
      s12 += a1_3 * b2_3;
      s20 += a2_3 * b0_3;
      s21 += a2_3 * b1_3;
      s22 += a2_3 * b2_3;
      s30 += a3_3 * b0_3;
      s31 += a3_3 * b1_3;
      s32 += a3_3 * b2_3;
      for (var k = 4; k < 6; k++) {
        let b0_4 = s1[d_1 * 24 + k * 4];
        let a0_4 = s0[k + d * 14 + d_1 * 14];
        let b1_4 = s1[d_1 * 24 + k * 4 + 1];
        let a1_4 = s0[k + d * 14 + d_1 * 14 + 2];
        let b2_4 = s1[d_1 * 24 + k * 4 + 2];
        let a2_4 = s0[k + d * 14 + d_1 * 14 + 4];
        let a3_4 = s0[k + d * 14 + d_1 * 14 + 6];
        s00 += a0_4 * b0_4;
        s01 += a0_4 * b1_4;
        s02 += a0_4 * b2_4;
        s10 += a1_4 * b0_4;
        s11 += a1_4 * b1_4;
        s12 += a1_4 * b2_4;
        s20 += a2_4 * b0_4;
        s21 += a2_4 * b1_4;
        s22 += a2_4 * b2_4;
        s30 += a3_4 * b0_4;
        s31 += a3_4 * b1_4;
        s32 += a3_4 * b2_4;
      }
    }
    s2[d * 30 + 3] = at_least(s00, 0.0f);
    s2[d * 30 + 4] = at_least(s01, 0.0f);
    s2[d * 30 + 5] = at_least(s02, 0.0f);
    s2[d * 30 + 9] = at_least(s10, 0.0f);
    s2[d * 30 + 10] = at_least(s11, 0.0f);
    s2[d * 30 + 11] = at_least(s12, 0.0f);
    s2[d * 30 + 15] = at_least(s20, 0.0f);
    s2[d * 30 + 16] = at_least(s21, 0.0f);
    s2[d * 30 + 17] = at_least(s22, 0.0f);
    s2[d * 30 + 21] = at_least(s30, 0.0f);
    s2[d * 30 + 22] = at_least(s31, 0.0f);
    s2[d * 30 + 23] = at_least(s32, 0.0f);
    var s00_1 = 0.0f;
    var s01_1 = 0.0f;
    var s02_1 = 0.0f;
    for (var d_2 = 0; d_2 < 3; d_2++) {
      let b0_5 = s1[d_2 * 24];
      let a0_5 = s0[d * 14 + d_2 * 14 + 8];
      let b1_5 = s1[d_2 * 24 + 1];
      let b2_5 = s1[d_2 * 24 + 2];
      s00_1 += a0_5 * b0_5;
      s01_1 += a0_5 * b1_5;
      s02_1 += a0_5 * b2_5;
      let b0_6 = s1[d_2 * 24 + 4];
      let a0_6 = s0[d * 14 + d_2 * 14 + 9];
      let b1_6 = s1[d_2 * 24 + 5];
      let b2_6 = s1[d_2 * 24 + 6];
      s00_1 += a0_6 * b0_6;
      s01_1 += a0_6 * b1_6;
      s02_1 += a0_6 * b2_6;
      let b0_7 = s1[d_2 * 24 + 8];
      let a0_7 = s0[d * 14 + d_2 * 14 + 10];
      let b1_7 = s1[d_2 * 24 + 9];
      let b2_7 = s1[d_2 * 24 + 10];
      s00_1 += a0_7 * b0_7;
      s01_1 += a0_7 * b1_7;
      s02_1 += a0_7 * b2_7;
      let b0_8 = s1[d_2 * 24 + 12];
      let a0_8 = s0[d * 14 + d_2 * 14 + 11];
      let b1_8 = s1[d_2 * 24 + 13];
      let b2_8 = s1[d_2 * 24 + 14];
      s00_1 += a0_8 * b0_8;
      s01_1 += a0_8 * b1_8;
      s02_1 += a0_8 * b2_8;
      for (var k_1 = 4; k_1 < 6; k_1++) {
        let b0_9 = s1[d_2 * 24 + k_1 * 4];
        let a0_9 = s0[k_1 + d * 14 + d_2 * 14 + 8];
        let b1_9 = s1[d_2 * 24 + k_1 * 4 + 1];
        let b2_9 = s1[d_2 * 24 + k_1 * 4 + 2];
        s00_1 += a0_9 * b0_9;
        s01_1 += a0_9 * b1_9;
        s02_1 += a0_9 * b2_9;
      }
    }
    s2[d * 30 + 27] = at_least(s00_1, 0.0f);
    s2[d * 30 + 28] = at_least(s01_1, 0.0f);
    s2[d * 30 + 29] = at_least(s02_1, 0.0f);
  }
}

// Shader 4

@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read_write> s1: array<f32>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
  return bitcast<f32>(infinity_bits);
}

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

fn maximum(a: f32, b: f32) -> f32 {
  return select(select(b, a, a > b), a, is_nan(a));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 24u) {
    let i1 = i32(id / 4u);
    let i2 = i32(id / 2u % 2u);
    let i3 = i32(id % 2u);
    var acc = -infinity();
    let x_1 = s0[i1 + i2 * 60 + i3 * 12];
    acc = maximum(acc, x_1);
    let x_2 = s0[i1 + i2 * 60 + i3 * 12 + 6];
    acc = maximum(acc, x_2);
    let x_3 = s0[i1 + i2 * 60 + i3 * 12 + 12];
    acc = maximum(acc, x_3);
    let x_4 = s0[i1 + i2 * 60 + i3 * 12 + 30];
    acc = maximum(acc, x_4);
    let x_5 = s0[i1 + i2 * 60 + i3 * 12 + 36];
    acc = maximum(acc, x_5);
    let x_6 = s0[i1 + i2 * 60 + i3 * 12 + 42];
    acc = maximum(acc, x_6);
    let x_7 = s0[i1 + i2 * 60 + i3 * 12 + 60];
    acc = maximum(acc, x_7);
    let x_8 = s0[i1 + i2 * 60 + i3 * 12 + 66];
    acc = maximum(acc, x_8);
    let x_9 = s0[i1 + i2 * 60 + i3 * 12 + 72];
    acc = maximum(acc, x_9);
    s1[i1 * 4 + i2 * 2 + i3] = acc;
  }
}
