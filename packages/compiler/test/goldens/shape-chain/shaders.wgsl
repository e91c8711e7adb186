// Shader 0

@group(0) @binding(0) var<storage, read> s0: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> s1: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 6u) {
    let i1_1_by4 = i32(id);
    let v = s0[i1_1_by4];
    s1[i1_1_by4] = -v;
  }
}
