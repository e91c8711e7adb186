import { runInNewContext } from 'node:vm';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { jsString, propertyKey } from '../src/index.ts';
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

describe('propertyKey', () => {
  property.prop([anyText])('defines an own property of that name and nothing else', (name) => {
    const object: object = runInNewContext(`({ __proto__: null, ${propertyKey(name)}: 7 })`);
    expect(Reflect.ownKeys(object)).toEqual([name]);
    expect(Object.getPrototypeOf(object)).toBe(null);
  });
});
