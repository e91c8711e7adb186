/**
 * How an instance of an emitted WebGPU module runs: what is given is checked, copied in, computed and
 * copied out.
 */

import { defineFunction, type ModuleFunction } from '@whittle/emit';

interface RunOptions {
  /** Whether `run` says when each step begins. */
  readonly profile: boolean;
  readonly hasHalves: boolean;
  /** Whether there are outputs whose size only a run tells. */
  readonly hasSizes: boolean;
}

/**
 * A run writes its feeds, computes, and copies its results to a staging buffer of its own, in one
 * submission when it is called. So runs at once take turns, because the queue keeps the order of calls.
 * Where no result is read back, the promise waits for the device to accept the work, not to do it.
 *
 * A run for measuring waits for each step, so that others have to wait for it; its feeds are copied.
 *
 * Where there are halves, the last four bytes of a result may hold no more than one of them.
 *
 * Sizes that only a run tells go to the staging buffer first, before the results. What has such a size is a
 * new record, unless it is put in a buffer.
 */
export function createModel({ profile, hasHalves, hasSizes }: RunOptions): ModuleFunction {
  const sized = (text: string): string => (hasSizes ? text : '');
  const only = (text: string): string => (profile ? text : '');
  const lengthOfWords = !hasHalves
    ? 'ranges[range][2] / 4'
    : hasSizes
      ? 'target ? target.length : ranges[range][2] / Words.BYTES_PER_ELEMENT'
      : 'target.length';
  const submission = profile
    ? `
        await turn;
        check();
        await scoped(device, () => submit(copyIn), TypeError);
        for (const [i, step] of bound.entries()) {
          check();
          onStep?.(i);
          submit((encoder) => dispatch(encoder, [step]));
          await device.queue.onSubmittedWorkDone();
        }
        onStep?.(bound.length);
        await scoped(device, () => read(copyOut), TypeError);`
    : `
        const compute = (encoder) => dispatch(encoder, bound);
        await scoped(device, () => read(copyIn, compute, copyOut), TypeError);`;
  return defineFunction(
    'createModel',
    ['device', 'state', 'buffers', 'bound', 'free'],
    'Runs take turns in the order of the calls.',
    `
  const isBuffer = (data) => tagOf(data) === "GPUBuffer";
  const idle = [];
  const busy = new Set();${only('\n  let last = Promise.resolve();')}
  let disposed = false;
  const check = () => {
    if (disposed) throw new Error("This model has been disposed of.");
    if (state.lost) throw lostError(state);
  };
  const submit = (...parts) => {
    const encoder = device.createCommandEncoder();
    for (const part of parts) part(encoder);
    device.queue.submit([encoder.finish()]);
  };
  const model = {
    async run(feeds, results${only(', onStep')}) {
      checkNames("feeds", feeds, inputs);
      const fed = inputs.map(
        (port, i) =>
          bufferOf("feeds", feeds, port, inputPlaces[i]) ?? tensorData("feeds", feeds, port),
      );
      const given = results ?? newResults();
      checkNames("results", given, outputs);
      const wanted = outputs.map(
        (port, i) =>
          bufferOf("results", given, port, outputPlaces[i]) ??${sized('\n          (outputSizes[i] ? undefined : ')}${hasSizes ? '' : ' '}tensorData("results", given, port)${sized(')')},
      );
      check();
      const sources = fed.map((data, i) =>
        isBuffer(data) ? data : wordsOf(data, inputs[i], inputPlaces[i])${only('.slice()')},
      );
      let staging;
      let isRead = false;
      const copyIn = (encoder) => {
        sources.forEach((source, i) => {
          const [at, offset, bytes] = ranges[inputPlaces[i][0]];
          if (isBuffer(source)) encoder.copyBufferToBuffer(source, 0, buffers[at], offset, bytes);
          else device.queue.writeBuffer(buffers[at], offset, source);
        });
      };
      const copyOut = (encoder) => {
        let end = 0;${sized(`
        if (wanted.includes(undefined)) {
          staging ??= idle.pop() ?? device.createBuffer({ size: stagingBytes, usage: 1 | 8 });
          for (const range of sizePlaces) {
            const [at, offset] = ranges[range];
            encoder.copyBufferToBuffer(buffers[at], offset, staging, end, 4);
            end += 4;
          }
        }`)}
        wanted.forEach((target, i) => {
          const [at, offset, bytes] = ranges[outputPlaces[i][0]];
          if (isBuffer(target)) {
            encoder.copyBufferToBuffer(buffers[at], offset, target, 0, bytes);
          } else if (bytes > 0) {
            staging ??= idle.pop() ?? device.createBuffer({ size: stagingBytes, usage: 1 | 8 });
            encoder.copyBufferToBuffer(buffers[at], offset, staging, end, bytes);
            end += bytes;
          }
        });
      };
      const read = (...parts) => {
        submit(...parts);
        if (staging) busy.add(staging);
        return staging?.mapAsync(1);
      };${only(`
      const turn = last;
      let leave;
      last = new Promise((resolve) => {
        leave = resolve;
      });`)}
      try {${submission}
        if (staging) {
          const mapped = staging.getMappedRange();
          isRead = true;
          let end = 0;${sized(`
          const sizes = wanted.includes(undefined) ? new Int32Array(mapped, 0, sizePlaces.length) : [];
          end += 4 * sizes.length;`)}
          wanted.forEach((target, i) => {
            if (isBuffer(target)) return;
            const [range, Words, convert] = outputPlaces[i];
            ${hasSizes ? 'let' : 'const'} words = new Words(mapped, end, ${lengthOfWords});${sized(`
            if (outputSizes[i]) {
              const [most, places] = outputSizes[i];
              const dims = [...most];
              for (const [axis, size] of places) dims[axis] = sizes[size];
              words = withinSizes(words, most, dims);
              const { name, dtype } = outputs[i];
              target = new arrays[dtype](words.length);
              given[name] = { data: target, dims, dtype };
            }`)}
            if (convert) convert(target, words);
            else target.set(words);
            end += ${hasHalves || hasSizes ? 'ranges[range][2]' : 'words.byteLength'};
          });
        }
      } catch (error) {
        if (!disposed) throw await failureOf(device, state, error);
      } finally {${only('\n        leave();')}
        if (staging) {
          busy.delete(staging);
          staging.unmap();
          // One that could not be mapped may be no buffer at all.
          if (!isRead || disposed || idle.length > 1) staging.destroy();
          else idle.push(staging);
        }
      }
      check();
      return given;
    },
    async warmup() {
      const zeros = Object.create(null);
      for (const { name, dtype, dims } of inputs) {
        zeros[name] = new arrays[dtype](dims.reduce((product, dim) => product * dim, 1));
      }
      await model.run(zeros);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      buffers.push(...idle.splice(0), ...busy);
      free();
      bound = undefined;
    },
  };
  return model;`,
  );
}

export const dispatch = defineFunction(
  'dispatch',
  ['encoder', 'bound'],
  undefined,
  `
  const pass = encoder.beginComputePass();
  for (const { pipeline, group, workgroups } of bound) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...workgroups);
  }
  pass.end();`,
);

/** With sizes, the dims beside a buffer do not say how large it has to be. */
export const bufferOf = (hasSizes: boolean): ModuleFunction =>
  defineFunction(
    'bufferOf',
    ['what', 'given', 'port', 'place'],
    'The buffer given for an input or output, checked; undefined where something else is.',
    `
  const value = given[port.name];
  const buffer = tagOf(value) === "GPUBuffer" ? value : value?.data;
  if (tagOf(buffer) !== "GPUBuffer") return undefined;
  const where = \`\${what}: \${JSON.stringify(port.name)}\`;
  const dims = buffer === value ? undefined : value.dims;
  if (dims != null${hasSizes ? ' && !port.dims.some((dim) => typeof dim === "string")' : ''} && String(Array.from(dims)) !== String(port.dims)) {
    throw new TypeError(\`\${where}: expected dims [\${port.dims}], got [\${Array.from(dims)}].\`);
  }
  const [usage, name] = what === "feeds" ? [4, "COPY_SRC"] : [8, "COPY_DST"];
  if (!(buffer.usage & usage)) {
    throw new TypeError(\`\${where}: expected a GPUBuffer with the usage \${name}.\`);
  }
  const bytes = ranges[place[0]][2];
  if (buffer.size < bytes) {
    throw new TypeError(
      \`\${where}: expected a GPUBuffer of \${bytes} bytes or more, got \${buffer.size}.\`,
    );
  }
  return buffer;`,
  );

/** Whole words, of which the last may hold no more than one half. */
export const wordsOf = (hasHalves: boolean): ModuleFunction =>
  defineFunction(
    'wordsOf',
    ['data', 'port', 'place'],
    'The elements of a feed as they lie in memory.',
    `
  const [${hasHalves ? 'range' : ''}, Words, convert] = place;
  // Not all implementations of writeBuffer take shared memory.
  if (tagOf(data) === Words.name && tagOf(data.buffer) === "ArrayBuffer"${hasHalves ? ' && data.byteLength % 4 === 0' : ''}) return data;
  const words = new Words(${hasHalves ? 'ranges[range][2] / Words.BYTES_PER_ELEMENT' : 'data.length'});
  if (convert) convert(words, data, port.name);
  else words.set(data);
  return words;`,
  );
