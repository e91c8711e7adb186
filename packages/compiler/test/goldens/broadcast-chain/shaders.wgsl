// Shader 0

@group(0) @binding(0) var<storage, read> s0: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> s1: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> s2: array<f32>;
@group(0) @binding(3) var<storage, read_write> s3: array<vec4<f32>>;

fn at_least_lanes(x: vec4<f32>, bound: vec4<f32>) -> vec4<f32> {
  return select(x, bound, x < bound);
}

fn at_most_lanes(x: vec4<f32>, bound: vec4<f32>) -> vec4<f32> {
  return select(x, bound, x > bound);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 6u) {
    let i0 = i32(id / 3u);
    let i1 = i32(id % 3u);
    let v = s0[i0 * 3 + i1];
    let v_1 = s1[0];
    let t = v + v_1;
    let v_2 = s2[i1];
    let t_1 = t * v_2;
    s3[i0 * 3 + i1] = t_1 * at_least_lanes(at_most_lanes(t_1 * 0.16666667f + 0.5f, vec4<f32>(1.0f)), vec4<f32>(0.0f));
  }
}
