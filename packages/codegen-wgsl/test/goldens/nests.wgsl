@group(0) @binding(0) var<storage, read> s0: array<f32>;
@group(0) @binding(1) var<storage, read_write> s1: array<f32>;

fn nest0(id: u32) {
  let a = i32(id / 3u);
  let b = i32(id % 3u) * 4 - 3;
  s1[a * 3 + ((b + 3) >> 2u)] = s0[a + b + 4];
}

fn nest1(id: u32) {
  let c = i32(id);
  s1[c + 30] = s0[c] * 2.0f;
}

fn nest2(id: u32) {
  let g = i32(id) + 2;
  s1[g + 100] = s0[g / 3] - 1.0f;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = group.x * 64u + local;
  if (id < 21u) {
    nest0(id);
  }
  if (id >= 64u && id < 129u) {
    nest1(id - 64u);
  }
  if (id >= 192u && id < 196u) {
    nest2(id - 192u);
  }
}
