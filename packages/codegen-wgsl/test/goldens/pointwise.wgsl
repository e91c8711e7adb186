@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read> s1: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> s2: array<vec4<f32>>;

fn at_least_lanes(x: vec4<f32>, bound: vec4<f32>) -> vec4<f32> {
  return select(x, bound, x < bound);
}

fn at_most_lanes(x: vec4<f32>, bound: vec4<f32>) -> vec4<f32> {
  return select(x, bound, x > bound);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 48u) {
    let p = i32(id / 6u) * 2;
    let c_by4 = i32(id % 6u);
    let from_1 = p * 8;
    let to_by4 = p * 6 + c_by4;
    var a = vec4<f32>(0.0f);
    var b = vec4<f32>(0.0f);
    for (var k = 0; k < 8; k++) {
      let weight = s1[k * 6 + c_by4 + 16];
      a += s0[from_1 + k + 8] * weight;
      b += s0[from_1 + k + 16] * weight;
    }
    s2[to_by4] = at_most_lanes(at_least_lanes(a, vec4<f32>(0.0f)), vec4<f32>(6.0f));
    s2[to_by4 + 6] = at_most_lanes(at_least_lanes(b, vec4<f32>(0.0f)), vec4<f32>(6.0f));
  }
}
