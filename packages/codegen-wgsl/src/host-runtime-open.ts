/**
 * How an emitted WebGPU module loads: it opens a device, compiles the shaders, and makes the buffers of
 * an instance.
 */

import { defineFunction, type ModuleConstant, type ModuleFunction } from '@whittle/emit';

export const states: ModuleConstant = {
  kind: 'constant',
  name: 'states',
  value: 'new WeakMap()',
  doc: 'What is known of each device: why it was lost, and the pipelines, which its instances share.',
};

/** With `hasFeatures`, a given device has to have what the table of features names. */
export const openModel = (hasFeatures: boolean): ModuleFunction =>
  defineFunction(
    'openModel',
    ['given', 'weights'],
    'Makes an instance on a device: the given one, or one that the instance owns.',
    `
  weights?.catch(() => {}); // They are awaited below; until then a failure is no unhandled one.
  if (given && tagOf(given) !== "GPUDevice") {
    throw new TypeError(\`device: expected a GPUDevice, got \${tagOf(given)}.\`);
  }
  const device = given ?? (await requestDevice());
  const state = stateOf(device);
  const buffers = [];
  const free = () => {
    for (const buffer of buffers.splice(0)) buffer.destroy();
    if (!given) device.destroy();
  };
  try {
    checkLimits("device", device.limits);${hasFeatures ? '\n    checkFeatures("device", device.features);' : ''}
    state.compiled ??= compile(device).catch((error) => {
      state.compiled = undefined;
      throw error;
    });
    const [compiled, bytes] = await Promise.all([state.compiled, weights]);
    await scoped(device, () => allocate(device, buffers));
    if (bytes) await upload(device, buffers[weightsAt], bytes);
    const bound = await scoped(device, () => {
      const groups = {};
      const prepare = bindSteps(device, compiled, buffers, setup, groups);
      if (prepare.length > 0) {
        const encoder = device.createCommandEncoder();
        dispatch(encoder, prepare);
        device.queue.submit([encoder.finish()]);
      }
      return bindSteps(device, compiled, buffers, steps, groups);
    });
    if (state.lost) throw lostError(state);
    return createModel(device, state, buffers, bound, free);
  } catch (error) {
    const failure = await failureOf(device, state, error);
    free();
    throw failure;
  }`,
    true,
  );

export const requestDevice = (hasFeatures: boolean): ModuleFunction =>
  defineFunction(
    'requestDevice',
    [],
    undefined,
    `
  const { gpu } = globalThis.navigator ?? {};
  if (!gpu) {
    throw gpuError(
      "E_GPU_UNAVAILABLE",
      "There is no WebGPU here: navigator.gpu is missing. Use a browser that has it, over HTTPS or " +
        "from localhost, or pass a device to load.",
    );
  }
  const adapter = await gpu.requestAdapter();
  if (!adapter) {
    throw gpuError(
      "E_GPU_UNAVAILABLE",
      "WebGPU found no adapter: turn on hardware acceleration, update the graphics driver, or pass a " +
        "device to load.",
    );
  }
  checkLimits("adapter", adapter.limits);${hasFeatures ? '\n  checkFeatures("adapter", adapter.features);' : ''}
  try {
    return await adapter.requestDevice({ ${hasFeatures ? 'requiredFeatures: features, ' : ''}requiredLimits: limits });
  } catch (error) {
    throw gpuError("E_GPU_UNAVAILABLE", \`The adapter gave no device: \${error.message}\`, error);
  }`,
    true,
  );

export const checkLimits = defineFunction(
  'checkLimits',
  ['whose', 'found'],
  undefined,
  `
  for (const [name, needed] of Object.entries(limits)) {
    if (!(found[name] >= needed)) {
      throw gpuError(
        "E_GPU_LIMIT",
        \`This model needs a \${name} of \${needed}, and the \${whose} has \${found[name]}.\`,
      );
    }
  }`,
);

export const checkFeatures = defineFunction(
  'checkFeatures',
  ['whose', 'found'],
  undefined,
  `
  for (const name of features) {
    if (!found.has(name)) {
      throw gpuError(
        "E_GPU_LIMIT",
        \`This model needs the feature \${name}, which the \${whose} lacks.\`,
      );
    }
  }`,
);

export const stateOf = defineFunction(
  'stateOf',
  ['device'],
  undefined,
  `
  let state = states.get(device);
  if (!state) {
    states.set(device, (state = { lost: undefined, compiled: undefined }));
    device.lost.then((info) => {
      state.lost = info;
    });
  }
  return state;`,
);

/** The scope hides what `createShaderModule` reports: the pipeline reports it again. */
export const compile = defineFunction(
  'compile',
  ['device'],
  'Makes all pipelines at once, and a layout for each sequence of read (r) and read_write (w) bindings.',
  `
  const layouts = {};
  const layoutOf = (kinds) =>
    (layouts[kinds] ??= device.createBindGroupLayout({
      entries: Array.from(kinds, (kind, binding) => ({
        binding,
        visibility: 4,
        buffer: { type: kind === "r" ? "read-only-storage" : "storage" },
      })),
    }));
  const pipelineOf = async ([kinds, code], number) => {
    const layout = device.createPipelineLayout({ bindGroupLayouts: [layoutOf(kinds)] });
    const module = device.createShaderModule({ code });
    try {
      const compute = { module, entryPoint: "main" };
      return await device.createComputePipelineAsync({ layout, compute });
    } catch (error) {
      const { messages } = await module.getCompilationInfo();
      const lines = messages
        .filter(({ type }) => type === "error")
        .map(({ lineNum, message }) => \`line \${lineNum}: \${message}\`);
      const text = lines.join("; ") || error.message;
      throw gpuError("E_GPU_SHADER", \`Shader \${number} does not compile: \${text}\`, error);
    }
  };
  device.pushErrorScope("validation");
  const making = shaders.map(pipelineOf);
  const hidden = device.popErrorScope();
  const [pipelines] = await Promise.all([Promise.all(making), hidden]);
  return { layouts, pipelines };`,
  true,
);

export const allocate = defineFunction(
  'allocate',
  ['device', 'buffers'],
  undefined,
  `
  for (const size of bufferBytes) buffers.push(device.createBuffer({ size, usage: 4 | 8 | 128 }));`,
);

export const upload = defineFunction(
  'upload',
  ['device', 'buffer', 'bytes'],
  'Four megabytes at a time, between which a page stays responsive.',
  `
  for (let at = 0; at < bytes.length; at += 1 << 22) {
    const size = Math.min(1 << 22, bytes.length - at);
    await scoped(device, () => device.queue.writeBuffer(buffer, at, bytes, at, size));
  }`,
  true,
);

export const bindSteps = defineFunction(
  'bindSteps',
  ['device', 'compiled', 'buffers', 'rows', 'groups'],
  'Rows are a shader, three numbers of workgroups, and the range of each binding.',
  `
  const { layouts, pipelines } = compiled;
  return rows.map(([shader, x, y, z, ...bound]) => {
    const kinds = shaders[shader][0];
    const entries = bound.map((range, binding) => {
      const [at, offset, size] = ranges[range];
      return { binding, resource: { buffer: buffers[at], offset, size } };
    });
    const group = (groups[\`\${kinds} \${bound}\`] ??= device.createBindGroup({
      layout: layouts[kinds],
      entries,
    }));
    return { pipeline: pipelines[shader], group, workgroups: [x, y, z] };
  });`,
);
