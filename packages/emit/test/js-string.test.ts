import { runInNewContext } from 'node:vm';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { jsString, jsTemplate, propertyKey } from '../src/index.ts';
import { hostileNames } from './hostile-names.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(...hostileNames),
);

describe('jsString', () => {
  property.prop([anyText])('evaluates to the same string, in JavaScript and in JSON', (text) => {
    expect(runInNewContext(jsString(text))).toBe(text);
    expect(JSON.parse(jsString(text))).toBe(text);
  });

  property.prop([anyText])('is printable ASCII without angle brackets', (text) => {
    expect(jsString(text)).toMatch(/^"[ !#-;=?-~]*(?:\\"[ !#-;=?-~]*)*"$/);
  });

  it('keeps an ordinary name readable', () => {
    expect(jsString('backbone/conv1.weight:0')).toBe('"backbone/conv1.weight:0"');
  });
});

describe('jsTemplate', () => {
  property.prop([anyText])('evaluates to the same string, whatever comes after it', (text) => {
    expect(runInNewContext(`${jsTemplate(text)} + "{}"`)).toBe(`${text}{}`);
  });

  property.prop([anyText])('is printable ASCII that ends no element', (text) => {
    expect(jsTemplate(text)).toMatch(/^`[\n -~]*`$/);
    expect(jsTemplate(text)).not.toMatch(/<[/!]/);
  });

  it('keeps code readable', () => {
    const code = 'var<storage> x: array<f32>;\nfn main() { x[0] = 1.0; }';
    expect(jsTemplate(code)).toBe(`\`${code}\``);
  });
});

describe('propertyKey', () => {
  property.prop([anyText])('defines an own property of that name and nothing else', (name) => {
    const object: object = runInNewContext(`({ __proto__: null, ${propertyKey(name)}: 7 })`);
    expect(Reflect.ownKeys(object)).toEqual([name]);
    expect(Object.getPrototypeOf(object)).toBe(null);
  });
});
