import { encodeModule, type ModuleDefinition } from '../src/index.js';

/** Runs a module; what it exports, called by name. */
export function instantiate(definition: ModuleDefinition, imports: WebAssembly.Imports = {}) {
  const module = new WebAssembly.Module(encodeModule(definition));
  const { exports } = new WebAssembly.Instance(module, imports);
  const { memory } = exports;
  return {
    call(name: string, ...args: unknown[]): unknown {
      const run = exports[name];
      if (typeof run !== 'function') throw new Error(`The module exports no function "${name}".`);
      return run(...args);
    },
    bytes(): Uint8Array {
      if (!(memory instanceof WebAssembly.Memory)) throw new Error('It exports no memory.');
      return new Uint8Array(memory.buffer);
    },
  };
}
