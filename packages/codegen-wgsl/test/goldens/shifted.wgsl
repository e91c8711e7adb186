@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read> s1: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> s2: array<f32>;
@group(0) @binding(3) var<storage, read_write> s3: array<vec4<f32>>;

fn load_s0_lanes(at: i32, ramp: i32) -> vec4<f32> {
  return vec4<f32>(s0[at], s0[at + ramp], s0[at + 2 * ramp], s0[at + 3 * ramp]);
}

fn load_s1(at: i32) -> f32 {
  return s1[at >> 2u][at & 3];
}

fn load_s1_lanes(at: i32, ramp: i32) -> vec4<f32> {
  return vec4<f32>(load_s1(at), load_s1(at + ramp), load_s1(at + 2 * ramp), load_s1(at + 3 * ramp));
}

fn store_s2_lanes(at: i32, ramp: i32, lanes: vec4<f32>) {
  s2[at] = lanes.x;
  s2[at + ramp] = lanes.y;
  s2[at + 2 * ramp] = lanes.z;
  s2[at + 3 * ramp] = lanes.w;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 5u) {
    let r = i32(id);
    let row = r * 16;
    let row_by4 = r * 4;
    var sum = 0.0f;
    for (var v = 0; v < 8; v += 4) {
      store_s2_lanes(row + v + 1, 1, load_s0_lanes(row + v + 3, 1) + load_s1_lanes(row + v * 2, 2) * load_s1(r));
    }
    for (var u = 4; u < 12; u += 4) {
      let u_by4 = u >> 2u;
      s3[row_by4 + u_by4] = s1[row_by4 + u_by4 - 1] + s1[row_by4 + 1].z + load_s0_lanes(row - u + 20, -1);
      let lanes = load_s0_lanes(row + u, 1);
      sum = sum + lanes.x;
      sum = sum + lanes.y;
      sum = sum + lanes.z;
      sum = sum + lanes.w;
    }
    s2[r * 16] = sum;
  }
}
