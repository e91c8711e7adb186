/** The engines that run in the page, as one table; the others are compared with the first. */

import { onnxruntimeEngine } from './onnxruntime-engine.js';
import type { PageEngine } from './page-engine.js';
import { tfjsEngine } from './tfjs-engine.js';
import { whittleEngine } from './whittle-engine.js';

export const pageEngines: readonly PageEngine[] = [whittleEngine, onnxruntimeEngine, tfjsEngine];
