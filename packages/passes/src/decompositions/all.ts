/** All composites, by family. */

import type { RewriteRule } from '@whittle/ir';
import { attention } from './attention.js';
import { compress } from './compress.js';
import { dropout } from './dropout.js';
import { einsum } from './einsum.js';
import { losses } from './losses.js';
import { normalizations } from './normalization.js';
import { quantization } from './quantization.js';
import { recurrent } from './recurrent.js';
import { rotaryEmbedding } from './rotary-embedding.js';
import { scan } from './scan.js';
import { signal } from './signal.js';
import { vectorizer } from './vectorizer.js';
import { vision } from './vision.js';

export const composites: readonly RewriteRule[] = [
  ...einsum,
  ...losses,
  ...attention,
  ...rotaryEmbedding,
  ...normalizations,
  ...dropout,
  ...quantization,
  ...vectorizer,
  ...compress,
  ...vision,
  ...scan,
  ...recurrent,
  ...signal,
];
