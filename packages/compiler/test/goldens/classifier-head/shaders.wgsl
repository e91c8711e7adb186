// Shader 0

@group(0) @binding(0) var<storage, read> s0: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> s1: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 6u) {
    let i1 = i32(id);
    var acc = 0.0f;
    var part = vec4<f32>(0.0f);
    for (var i3 = 0; i3 < 16; i3 += 4) {
      let i3_by4 = i3 >> 2u;
      let x_1 = s0[i1 * 4 + i3_by4];
      part += x_1;
    }
    let lanes = part;
    acc = acc + lanes.x;
    acc = acc + lanes.y;
    acc = acc + lanes.z;
    acc = acc + lanes.w;
    s1[i1] = acc / 16.0f;
  }
}

// Shader 1

@group(0) @binding(0) var<storage, read> s0: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> s1: array<f32>;
@group(0) @binding(2) var<storage, read> s2: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> s3: array<f32>;

fn store_s3_lanes(at: i32, ramp: i32, lanes: vec4<f32>) {
  s3[at] = lanes.x;
  s3[at + ramp] = lanes.y;
  s3[at + 2 * ramp] = lanes.z;
  s3[at + 3 * ramp] = lanes.w;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 1u) {
    let i0 = s0[0];
    var s00 = i0;
    let b0 = s2[0];
    let a0 = s1[0];
    s00 += a0 * b0;
    let b0_1 = s2[2];
    let a0_1 = s1[1];
    s00 += a0_1 * b0_1;
    let b0_2 = s2[4];
    let a0_2 = s1[2];
    s00 += a0_2 * b0_2;
    let b0_3 = s2[6];
    let a0_3 = s1[3];
    s00 += a0_3 * b0_3;
    for (var k = 4; k < 6; k++) {
      let b0_4 = s2[k * 2];
      let a0_4 = s1[k];
      s00 += a0_4 * b0_4;
    }
    store_s3_lanes(0, 1, s00);
    let i0_1 = s0[1].x;
    var s00_1 = i0_1;
    let b0_5 = s2[1].x;
    let a0_5 = s1[0];
    s00_1 += a0_5 * b0_5;
    let b0_6 = s2[3].x;
    let a0_6 = s1[1];
    s00_1 += a0_6 * b0_6;
    let b0_7 = s2[5].x;
    let a0_7 = s1[2];
    s00_1 += a0_7 * b0_7;
    let b0_8 = s2[7].x;
    let a0_8 = s1[3];
    s00_1 += a0_8 * b0_8;
    for (var k_1 = 4; k_1 < 6; k_1++) {
      let b0_9 = s2[k_1 * 2 + 1].x;
      let a0_9 = s1[k_1];
      s00_1 += a0_9 * b0_9;
    }
    s3[4] = s00_1;
  }
}

// Shader 2

@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read_write> s1: array<f32>;

fn exp_f32(x: f32) -> f32 {
  return select(exp(x), x, is_nan(x));
}

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

fn load_s1_lanes(at: i32, ramp: i32) -> vec4<f32> {
  return vec4<f32>(s1[at], s1[at + ramp], s1[at + 2 * ramp], s1[at + 3 * ramp]);
}

fn store_s1_lanes(at: i32, ramp: i32, lanes: vec4<f32>) {
  s1[at] = lanes.x;
  s1[at + ramp] = lanes.y;
  s1[at + 2 * ramp] = lanes.z;
  s1[at + 3 * ramp] = lanes.w;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 1u) {
    var acc = -infinity();
    for (var i1 = 0; i1 < 5; i1++) {
      let x_1 = s0[i1];
      acc = maximum(acc, x_1);
    }
    var sum = 0.0f;
    for (var i1_1 = 0; i1_1 < 5; i1_1++) {
      let e = exp_f32(s0[i1_1] - acc);
      s1[i1_1] = e;
      sum += e;
    }
    let r = 1.0f / sum;
    store_s1_lanes(0, 1, load_s1_lanes(0, 1) * r);
    for (var i1_2_1 = 4; i1_2_1 < 5; i1_2_1++) {
      s1[i1_2_1] = s1[i1_2_1] * r;
    }
  }
}
