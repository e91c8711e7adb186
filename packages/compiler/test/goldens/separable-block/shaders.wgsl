// Shader 0

@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read_write> s1: array<f32>;

fn store_s1_lanes(at: i32, ramp: i32, lanes: vec4<f32>) {
  s1[at] = lanes.x;
  s1[at + ramp] = lanes.y;
  s1[at + 2 * ramp] = lanes.z;
  s1[at + 3 * ramp] = lanes.w;
}

fn nest0(id: u32) {
  let i2 = i32(id / 24u);
  let i3 = i32(id / 4u % 6u);
  let i1 = i32(id % 4u);
  s1[i1 + i2 * 32 + i3 * 4 + 36] = s0[i1 * 36 + i2 * 6 + i3];
}

fn nest1(id: u32) {
  let h3_2 = i32(id) - 1;
  store_s1_lanes(h3_2 * 4 + 4, 1, vec4<f32>(0.0f));
}

fn nest2(id: u32) {
  let h3_1_1 = i32(id) - 1;
  store_s1_lanes(h3_1_1 * 4 + 228, 1, vec4<f32>(0.0f));
}

fn nest3(id: u32) {
  let h2_2 = i32(id);
  store_s1_lanes(h2_2 * 32 + 32, 1, vec4<f32>(0.0f));
}

fn nest4(id: u32) {
  let h2_1_1 = i32(id);
  store_s1_lanes(h2_1_1 * 32 + 60, 1, vec4<f32>(0.0f));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 144u) {
    nest0(id);
  }
  if (id >= 192u && id < 200u) {
    nest1(id - 192u);
  }
  if (id >= 256u && id < 264u) {
    nest2(id - 256u);
  }
  if (id >= 320u && id < 326u) {
    nest3(id - 320u);
  }
  if (id >= 384u && id < 390u) {
    nest4(id - 384u);
  }
}

// Shader 1

@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read> s1: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> s2: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> s3: array<f32>;
@group(0) @binding(4) var<storage, read> s4: array<f32>;
@group(0) @binding(5) var<storage, read> s5: array<f32>;
@group(0) @binding(6) var<storage, read_write> s6: array<f32>;

fn at_least(x: f32, bound: f32) -> f32 {
  return select(x, bound, x < bound);
}

fn at_most(x: f32, bound: f32) -> f32 {
  return select(x, bound, x > bound);
}

fn load_s5_lanes(at: i32, ramp: i32) -> vec4<f32> {
  return vec4<f32>(s5[at], s5[at + ramp], s5[at + 2 * ramp], s5[at + 3 * ramp]);
}

fn store_s6_lanes(at: i32, ramp: i32, lanes: vec4<f32>) {
  s6[at] = lanes.x;
  s6[at + ramp] = lanes.y;
  s6[at + 2 * ramp] = lanes.z;
  s6[at + 3 * ramp] = lanes.w;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 36u) {
    let y = i32(id / 6u);
    let x = i32(id % 6u);
    let i = s2[0];
    var s00 = i;
    let i_1 = s4[0];
    var d0 = i_1;
    let f = s0[0];
    let f_1 = s0[4];
    let f_2 = s0[8];
    let x_2 = s3[y * 32 + x * 4];
    d0 += x_2 * f;
    let x_3 = s3[y * 32 + x * 4 + 4];
    d0 += x_3 * f_1;
    let x_4 = s3[y * 32 + x * 4 + 8];
    d0 += x_4 * f_2;
    let f_3 = s0[12];
    let f_4 = s0[16];
    let f_5 = s0[20];
    let x_5 = s3[y * 32 + x * 4 + 32];
    d0 += x_5 * f_3;
    let x_6 = s3[y * 32 + x * 4 + 36];
    d0 += x_6 * f_4;
    let x_7 = s3[y * 32 + x * 4 + 40];
    d0 += x_7 * f_5;
    let f_6 = s0[24];
    let f_7 = s0[28];
    let f_8 = s0[32];
    let x_8 = s3[y * 32 + x * 4 + 64];
    d0 += x_8 * f_6;
    let x_9 = s3[y * 32 + x * 4 + 68];
    d0 += x_9 * f_7;
    let x_10 = s3[y * 32 + x * 4 + 72];
    d0 += x_10 * f_8;
    let d = at_most(at_least(d0, 0.0f), 6.0f);
    let w = s1[0];
    s00 += d * w;
    let i_2 = s4[1];
    var d0_1 = i_2;
    let f_9 = s0[1];
    let f_10 = s0[5];
    let f_11 = s0[9];
    let x_11 = s3[y * 32 + x * 4 + 1];
    d0_1 += x_11 * f_9;
    let x_12 = s3[y * 32 + x * 4 + 5];
    d0_1 += x_12 * f_10;
    let x_13 = s3[y * 32 + x * 4 + 9];
    d0_1 += x_13 * f_11;
    let f_12 = s0[13];
    let f_13 = s0[17];
    let f_14 = s0[21];
    let x_14 = s3[y * 32 + x * 4 + 33];
    d0_1 += x_14 * f_12;
    let x_15 = s3[y * 32 + x * 4 + 37];
    d0_1 += x_15 * f_13;
    let x_16 = s3[y * 32 + x * 4 + 41];
    d0_1 += x_16 * f_14;
    let f_15 = s0[25];
    let f_16 = s0[29];
    let f_17 = s0[33];
    let x_17 = s3[y * 32 + x * 4 + 65];
    d0_1 += x_17 * f_15;
    let x_18 = s3[y * 32 + x * 4 + 69];
    d0_1 += x_18 * f_16;
    let x_19 = s3[y * 32 + x * 4 + 73];
    d0_1 += x_19 * f_17;
    let d_1 = at_most(at_least(d0_1, 0.0f), 6.0f);
    let w_1 = s1[1];
    s00 += d_1 * w_1;
    let i_3 = s4[2];
    var d0_2 = i_3;
    let f_18 = s0[2];
    let f_19 = s0[6];
    let f_20 = s0[10];
    let x_20 = s3[y * 32 + x * 4 + 2];
    d0_2 += x_20 * f_18;
    let x_21 = s3[y * 32 + x * 4 + 6];
    d0_2 += x_21 * f_19;
    let x_22 = s3[y * 32 + x * 4 + 10];
    d0_2 += x_22 * f_20;
    let f_21 = s0[14];
    let f_22 = s0[18];
    let f_23 = s0[22];
    let x_23 = s3[y * 32 + x * 4 + 34];
    d0_2 += x_23 * f_21;
    let x_24 = s3[y * 32 + x * 4 + 38];
    d0_2 += x_24 * f_22;
    let x_25 = s3[y * 32 + x * 4 + 42];
    d0_2 += x_25 * f_23;
    let f_24 = s0[26];
    let f_25 = s0[30];
    let f_26 = s0[34];
    let x_26 = s3[y * 32 + x * 4 + 66];
    d0_2 += x_26 * f_24;
    let x_27 = s3[y * 32 + x * 4 + 70];
    d0_2 += x_27 * f_25;
    let x_28 = s3[y * 32 + x * 4 + 74];
    d0_2 += x_28 * f_26;
    let d_2 = at_most(at_least(d0_2, 0.0f), 6.0f);
    let w_2 = s1[2];
    s00 += d_2 * w_2;
    let i_4 = s4[3];
    var d0_3 = i_4;
    let f_27 = s0[3];
    let f_28 = s0[7];
    let f_29 = s0[11];
    let x_29 = s3[y * 32 + x * 4 + 3];
    d0_3 += x_29 * f_27;
    let x_30 = s3[y * 32 + x * 4 + 7];
    d0_3 += x_30 * f_28;
    let x_31 = s3[y * 32 + x * 4 + 11];
    d0_3 += x_31 * f_29;
    let f_30 = s0[15];
    let f_31 = s0[19];
    let f_32 = s0[23];
    let x_32 = s3[y * 32 + x * 4 + 35];
    d0_3 += x_32 * f_30;
    let x_33 = s3[y * 32 + x * 4 + 39];
    d0_3 += x_33 * f_31;
    let x_34 = s3[y * 32 + x * 4 + 43];
    d0_3 += x_34 * f_32;
    let f_33 = s0[27];
    let f_34 = s0[31];
    let f_35 = s0[35];
    let x_35 = s3[y * 32 + x * 4 + 67];
    d0_3 += x_35 * f_33;
    let x_36 = s3[y * 32 + x * 4 + 71];
    d0_3 += x_36 * f_34;
    let x_37 = s3[y * 32 + x * 4 + 75];
    d0_3 += x_37 * f_35;
    let d_3 = at_most(at_least(d0_3, 0.0f), 6.0f);
    let w_3 = s1[3];
    s00 += d_3 * w_3;
    store_s6_lanes(y * 6 + x, 36, s00 + load_s5_lanes(y * 6 + x, 36));
  }
}
