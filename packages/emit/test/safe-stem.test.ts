import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { safeStem } from '../src/index.ts';
import { hostileNames } from './hostile-names.ts';

describe('safeStem', () => {
  it.each([
    ['mobilenet.onnx', 'mobilenet'],
    ['/models/mobilenetv2-1.0.onnx', 'mobilenetv2-1.0'],
    ['mobilenetv2-1.0', 'mobilenetv2-1.0'],
    ['C:\\models\\Net One.onnx', 'Net-One'],
    ['../../etc/passwd', 'passwd'],
    ['..', 'model'],
    ['.onnx', 'onnx'],
    ['.hidden.onnx', 'hidden'],
    ['-o.onnx', 'o'],
    ['', 'model'],
    ['dir/', 'model'],
    ['模型.onnx', 'model'],
    ['con.onnx', 'model-con'],
    ['LPT1.tar.onnx', 'model-LPT1.tar'],
    ['a*/b`$(c)`.onnx', 'b-c'],
  ])('%j gives %j', (fileName, stem) => {
    expect(safeStem(fileName)).toBe(stem);
  });

  property.prop([fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostileNames))])(
    'gives a short, plain segment, and gives it again for itself with an extension',
    (fileName) => {
      const stem = safeStem(fileName);
      expect(stem).toMatch(/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/);
      expect(stem.length).toBeLessThanOrEqual(70);
      expect(stem).not.toContain('..');
      expect(safeStem(`${stem}.onnx`)).toBe(stem);
    },
  );
});
