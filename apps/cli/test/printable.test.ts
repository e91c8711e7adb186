import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson } from '../src/printable.js';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

/** What may not reach a terminal from a model: every control and format character but line ends. */
const unsafe = /[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const anyText = fc.string({ unit: 'binary' });

describe('text of a model', () => {
  it.each([
    ['inspect'],
    ['inspect', '--explain'],
    ['inspect', '--json'],
    ['optimize'],
    ['inspect', '--print-after', 'all'],
    ['compile', '--json'],
    ['compile', '--print-after', 'all'],
    ['run'],
    ['verify', '--reference', 'interpreter'],
    ['compile', '--shape', 'elsewhere:1'],
  ])('does nothing to a terminal: %s %s %s', async (command, ...options) => {
    const { write, path } = scratch();
    const model = write('model.onnx', models.hostile());
    const out = command === 'compile' || command === 'optimize' ? ['-o', path('out')] : [];
    const { stdout, stderr } = await whittle([command, model, ...options, ...out]);
    expect(stdout + stderr).toMatch(/\S/);
    expect(stdout).not.toMatch(unsafe);
    expect(stderr).not.toMatch(unsafe);
    expect(`\n${stdout}\n${stderr}`).not.toMatch(/\nerror\[E_FAKE\]/);
  });

  it('comes on one line of safe characters, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = printable(text, 50);
        expect(shown).not.toMatch(unsafe);
        expect(shown).not.toContain('\n');
      }),
    );
    expect(printable('plain text, éü漢字 👍')).toBe('plain text, éü漢字 👍');
    expect(printable('a\u001b[31mb\u202ec')).toBe('a\\u001b[31mb\\u202ec');
  });

  it('is the same document in JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const text = printableJson(value);
        expect(text).not.toMatch(unsafe);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });
});
