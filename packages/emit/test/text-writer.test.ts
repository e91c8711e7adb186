import { describe, expect, it } from 'vitest';
import { TextWriter } from '../src/index.ts';

describe('TextWriter', () => {
  it('indents blocks and leaves empty lines empty', () => {
    const writer = new TextWriter({ level: 1 });
    writer.line('let sum = 0;').block('for (let i = 0; i < 4; i++)', () => {
      writer.line().lines('sum += x[i];\nsum *= 2;');
      writer.block('', () => writer.line('sum--;'), '};');
    });
    expect(writer.toString()).toBe(
      [
        '  let sum = 0;',
        '  for (let i = 0; i < 4; i++) {',
        '',
        '    sum += x[i];',
        '    sum *= 2;',
        '    {',
        '      sum--;',
        '    };',
        '  }',
        '',
      ].join('\n'),
    );
  });

  it('gives the empty string for no lines', () => {
    expect(new TextWriter().toString()).toBe('');
  });

  it('takes another unit of indentation', () => {
    const writer = new TextWriter({ unit: '\t' });
    writer.block('fn main()', () => writer.line('return;'));
    expect(writer.toString()).toBe('fn main() {\n\treturn;\n}\n');
  });
});
