/**
 * Words that no generated identifier may be: keywords and reserved words of JavaScript and WGSL, the
 * globals that emitted JavaScript reads, and the types and functions that WGSL predeclares (it lets a
 * program shadow them, and then a call of `max` means something else).
 *
 * Sources: ECMA-262 section 12.7.2; the WGSL specification, "Keyword and Token Summary" and
 * "Predeclared Types and Type-Generators Summary", "Built-in Functions".
 */

const javascript = `
  arguments as async await break case catch class const continue debugger default delete do else enum
  eval export extends false finally for from function get if implements import in instanceof
  interface let new null of package private protected public return set static super switch target
  this throw true try typeof undefined var void while with yield`;

const javascriptGlobals = `
  Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Error Float16Array
  Float32Array Float64Array GPUBuffer GPUBufferUsage GPUDevice GPUMapMode GPUShaderStage Infinity
  Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise Proxy RangeError Reflect
  Response Set SharedArrayBuffer String Symbol TypeError URL Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray WeakMap WeakSet WebAssembly Worker atob btoa console decodeURI encodeURI exports
  fetch global globalThis isFinite isNaN module navigator parseFloat parseInt performance process
  queueMicrotask require self setTimeout window`;

const wgslKeywords = `
  alias break case const const_assert continue continuing default diagnostic discard else enable
  false fn for if let loop override requires return struct switch true var while`;

const wgslReserved = `
  NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become
  binding_array cast catch class co_await co_return co_yield coherent column_major common compile
  compile_fragment concept const_cast consteval constexpr constinit crate debugger decltype delete
  demote demote_to_helper do dynamic_cast enum explicit export extends extern external fallthrough
  filter final finally friend from fxgroup get goto groupshared highp impl implements import inline
  instanceof interface layout lowp macro macro_rules match mediump meta mod module move mut mutable
  namespace new nil noexcept noinline nointerpolation non_coherent noncoherent noperspective null
  nullptr of operator package packoffset partition pass patch pixelfragment precise precision premerge
  priv protected pub public readonly ref regardless register reinterpret_cast require resource
  restrict self set shared sizeof smooth snorm static static_assert static_cast std subroutine super
  target template this thread_local throw trait try type typedef typeid typename typeof union unless
  unorm unsafe unsized use using varying virtual volatile wgsl where with writeonly yield`;

const wgslTypes = `
  array atomic bool f16 f32 i32 u32 ptr sampler sampler_comparison vec2 vec3 vec4 vec2f vec3f vec4f
  vec2h vec3h vec4h vec2i vec3i vec4i vec2u vec3u vec4u mat2x2 mat2x3 mat2x4 mat3x2 mat3x3 mat3x4
  mat4x2 mat4x3 mat4x4 mat2x2f mat2x3f mat2x4f mat3x2f mat3x3f mat3x4f mat4x2f mat4x3f mat4x4f mat2x2h
  mat2x3h mat2x4h mat3x2h mat3x3h mat3x4h mat4x2h mat4x3h mat4x4h texture_1d texture_2d
  texture_2d_array texture_3d texture_cube texture_cube_array texture_multisampled_2d
  texture_storage_1d texture_storage_2d texture_storage_2d_array texture_storage_3d texture_external
  texture_depth_2d texture_depth_2d_array texture_depth_cube texture_depth_cube_array
  texture_depth_multisampled_2d function private workgroup uniform storage read write read_write
  perspective linear flat center centroid sample first either`;

const wgslFunctions = `
  abs acos acosh all any arrayLength asin asinh atan atan2 atanh atomicAdd atomicAnd
  atomicCompareExchangeWeak atomicExchange atomicLoad atomicMax atomicMin atomicOr atomicStore atomicSub
  atomicXor bitcast ceil clamp cos cosh countLeadingZeros countOneBits countTrailingZeros cross degrees
  determinant distance dot dot4I8Packed dot4U8Packed dpdx dpdy exp exp2 extractBits faceForward
  firstLeadingBit firstTrailingBit floor fma fract frexp fwidth insertBits inverseSqrt ldexp length log
  log2 max min mix modf normalize pack2x16float pack2x16snorm pack2x16unorm pack4x8snorm pack4x8unorm
  pack4xI8 pack4xI8Clamp pack4xU8 pack4xU8Clamp pow quantizeToF16 quadBroadcast quadSwapDiagonal
  quadSwapX quadSwapY radians reflect refract reverseBits round saturate select sign sin sinh smoothstep
  sqrt step storageBarrier subgroupAdd subgroupAll subgroupAnd subgroupAny subgroupBallot
  subgroupBroadcast subgroupBroadcastFirst subgroupElect subgroupExclusiveAdd subgroupExclusiveMul
  subgroupInclusiveAdd subgroupInclusiveMul subgroupMax subgroupMin subgroupMul subgroupOr
  subgroupShuffle subgroupShuffleDown subgroupShuffleUp subgroupShuffleXor subgroupXor tan tanh
  textureBarrier textureDimensions textureLoad textureSample textureStore transpose trunc
  unpack2x16float unpack2x16snorm unpack2x16unorm unpack4x8snorm unpack4x8unorm unpack4xI8 unpack4xU8
  workgroupBarrier workgroupUniformLoad`;

export const reservedWords: ReadonlySet<string> = new Set(
  [javascript, javascriptGlobals, wgslKeywords, wgslReserved, wgslTypes, wgslFunctions].flatMap(
    (words) => words.trim().split(/\s+/),
  ),
);
