import {
  type Decision,
  genericTarget,
  type Measure,
  type PassContext,
  parseGraph,
  type TargetCapabilities,
} from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { fuseSeparableConv } from '../src/fuse-separable-conv.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const all: PassContext = { target: genericTarget, fuse: 'all' };
const auto: PassContext = { target: genericTarget };

const weights = `input %x: f32[1,4,8,8]
                 const %dw: f32[4,1,3,3] = seeded 1
                 const %pw: f32[6,4,1,1] = seeded 2
                 const %b4: f32[4] = seeded 3
                 const %b6: f32[6] = seeded 4`;

describe('fuse-separable-conv', () => {
  test('fuses depthwise and pointwise with all that belongs to either', () => {
    expectPass(
      fuseSeparableConv,
      `${weights}
       input %r: f32[1,6,4,8]
       %d = Conv(%x, %dw, %b4) {group = 4, strides = [2, 1], pads = [1, 2, 1, 2], dilations = [1, 2],
                                activation = "Clip", activation_params = [0.0, 6.0]}
       %y = Conv(%d, %pw, %b6, %r) {activation = "Relu"} @"project"
       output "y" = %y`,
      `${weights}
       input %r: f32[1,6,4,8]
       %y = SeparableConv(%x, %dw, %pw, %b4, %b6, %r) {band_rows = 4, strides = [2, 1],
              pads = [1, 2, 1, 2], dilations = [1, 2], depthwise_activation = "Clip",
              depthwise_activation_params = [0.0, 6.0], activation = "Relu"} @"project"
       output "y" = %y`,
      all,
    );
  });

  test('takes several filters a channel', () => {
    expectPass(
      fuseSeparableConv,
      `input %x: f32[1,4,8,8]
       const %dw: f32[8,1,3,3] = seeded 1
       const %pw: f32[6,8,1,1] = seeded 2
       %d = Conv(%x, %dw) {group = 4}
       %y = Conv(%d, %pw)
       output "y" = %y`,
      `input %x: f32[1,4,8,8]
       const %dw: f32[8,1,3,3] = seeded 1
       const %pw: f32[6,8,1,1] = seeded 2
       %y = SeparableConv(%x, %dw, %pw) {band_rows = 6}
       output "y" = %y`,
      all,
    );
  });

  test('fuses the whole inverted residual block', () => {
    expectPass(
      fuseSeparableConv,
      `input %x: f32[1,2,8,8]
       const %e: f32[4,2,1,1] = seeded 1
       const %dw: f32[4,1,3,3] = seeded 2
       const %p: f32[2,4,1,1] = seeded 3
       const %b: f32[4] = seeded 4
       %w = Conv(%x, %e, %b) {activation = "Relu"}
       %d = Conv(%w, %dw) {group = 4, pads = [1, 1, 1, 1], activation = "HardSwish"}
       %y = Conv(%d, %p, _, %x)
       output "y" = %y`,
      `input %x: f32[1,2,8,8]
       const %e: f32[4,2,1,1] = seeded 1
       const %dw: f32[4,1,3,3] = seeded 2
       const %p: f32[2,4,1,1] = seeded 3
       const %b: f32[4] = seeded 4
       %y = SeparableConv(%x, %dw, %p, _, _, %x, %e, %b) {band_rows = 8, pads = [1, 1, 1, 1],
              expand_activation = "Relu", depthwise_activation = "HardSwish"}
       output "y" = %y`,
      all,
    );
  });

  test('leaves an expansion apart that something else reads', () => {
    expectPass(
      fuseSeparableConv,
      `input %x: f32[1,2,8,8]
       const %e: f32[4,2,1,1] = seeded 1
       const %dw: f32[4,1,3,3] = seeded 2
       const %p: f32[2,4,1,1] = seeded 3
       %w = Conv(%x, %e)
       %d = Conv(%w, %dw) {group = 4}
       %y = Conv(%d, %p)
       output "y" = %y
       output "w" = %w`,
      `input %x: f32[1,2,8,8]
       const %e: f32[4,2,1,1] = seeded 1
       const %dw: f32[4,1,3,3] = seeded 2
       const %p: f32[2,4,1,1] = seeded 3
       %w = Conv(%x, %e)
       %y = SeparableConv(%w, %dw, %p) {band_rows = 6}
       output "y" = %y
       output "w" = %w`,
      all,
    );
  });

  test('filters as it expands where a pool needs all of it before the projection', () => {
    const rest = `%a = GlobalAveragePool(%d)
                  %g = HardSigmoid(%a)
                  %m = Mul(%d, %g)
                  %y = Conv(%m, %p)
                  output "y" = %y`;
    const weights = `input %x: f32[1,2,8,8]
                     const %e: f32[4,2,1,1] = seeded 1
                     const %dw: f32[4,1,3,3] = seeded 2
                     const %p: f32[2,4,1,1] = seeded 3`;
    expectPass(
      fuseSeparableConv,
      `${weights}
       %w = Conv(%x, %e) {activation = "Relu"}
       %d = Conv(%w, %dw) {group = 4, activation = "HardSwish"}
       ${rest}`,
      `${weights}
       %d = SeparableConv(%x, %dw, _, _, _, _, %e) {band_rows = 6, expand_activation = "Relu",
                                                    activation = "HardSwish"}
       ${rest}`,
      all,
    );
  });

  const kept: readonly [reason: string, lines: string][] = [
    [
      'something else reads the depthwise result',
      '%d = Conv(%x, %dw) {group = 4}  %y = Conv(%d, %pw)  %z = Relu(%d)  output "z" = %z',
    ],
    [
      'the depthwise result is an output',
      '%d = Conv(%x, %dw) {group = 4}  %y = Conv(%d, %pw)  output "d" = %d',
    ],
    [
      'a pool needs all of it first',
      `%d = Conv(%x, %dw) {group = 4}  %a = GlobalAveragePool(%d)  %g = Sigmoid(%a)
       %m = Mul(%d, %g)  %y = Conv(%m, %pw)`,
    ],
    ['an op lies between', '%d = Conv(%x, %dw) {group = 4}  %a = Abs(%d)  %y = Conv(%a, %pw)'],
    [
      'the pointwise convolution skips pixels',
      '%d = Conv(%x, %dw) {group = 4}  %y = Conv(%d, %pw) {strides = [2, 1]}',
    ],
    [
      'the pointwise convolution pads',
      '%d = Conv(%x, %dw) {group = 4}  %y = Conv(%d, %pw, %b6) {pads = [0, 0, 1, 0]}',
    ],
    [
      'a residual is added between',
      '%r = Abs(%x)  %d = Conv(%x, %dw, _, %r) {group = 4, pads = [1, 1, 1, 1]}  %y = Conv(%d, %pw)',
    ],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(fuseSeparableConv, `${weights}  ${lines}  output "y" = %y`, all);
    });
  }

  test('must not fire for other convolutions', () => {
    const regular = 'const %w: f32[4,4,3,3] = seeded 5  %c = Conv(%x, %w)';
    const grouped = 'const %w: f32[4,2,3,3] = seeded 5  %c = Conv(%x, %w) {group = 2}';
    for (const lines of [regular, grouped]) {
      const text = `${weights}  ${lines}  %y = Conv(%c, %pw)  output "y" = %y`;
      expectUnchanged(fuseSeparableConv, text, all);
    }
  });

  test('must not fire where nothing is to be fused', () => {
    const text = `${weights}  %d = Conv(%x, %dw) {group = 4}  %y = Conv(%d, %pw)  output "y" = %y`;
    expectUnchanged(fuseSeparableConv, text, { ...all, fuse: 'none' });
  });

  test('must not fire by the numbers where dims have none', () => {
    const text = `input %x: f32[N,4,8,8]
                  const %dw: f32[4,1,3,3] = seeded 1
                  const %pw: f32[6,4,1,1] = seeded 2
                  %d = Conv(%x, %dw) {group = 4}  %y = Conv(%d, %pw)  output "y" = %y`;
    expectUnchanged(fuseSeparableConv, text, all);
  });
});

describe('the decision on a chain', () => {
  const block = (image: number, inside: number) => `
    input %x: f32[1,16,${image},${image}]
    const %e: f32[${inside},16,1,1] = seeded 1
    const %dw: f32[${inside},1,3,3] = seeded 2
    const %p: f32[16,${inside},1,1] = seeded 3
    %w = Conv(%x, %e) @"expand"
    %d = Conv(%w, %dw) {group = ${inside}, pads = [1, 1, 1, 1]} @"filter"
    %y = Conv(%d, %p) @"project"
    output "y" = %y`;
  /** The other target: a cache that holds all, and no memory to speak of behind it. */
  const slowMemory: TargetCapabilities = {
    ...genericTarget,
    costs: { ...genericTarget.costs, memory: 0.1 },
  };

  test('is to fuse where the tensor between is larger than what is around it', () => {
    const [decision] = decisionsOn(block(112, 96), auto);
    expect(decision).toMatchObject({
      pass: 'fuse-separable-conv',
      candidate: 'expand → depthwise → project',
      choice: 'fuse',
    });
    expect(decision?.nodes.map(({ name }) => name)).toEqual(['expand', 'filter', 'project']);
    expect(measure(decision, 'work')).toBe(112 * 112 * 96 * (16 + 9 + 16));
    expect(measure(decision, 'tensors between')).toBe(2 * 112 * 112 * 96 * 4);
    expect(measure(wayOf(decision, 'apart'), 'arena')).toBe(2 * 112 * 112 * 96 * 4);
    expect(measure(wayOf(decision, 'expand → depthwise → project'), 'arena')).toBeLessThan(
      3 * 112 * 112 * 16 * 4,
    );
  });

  test('weighs bytes where they take longer than the work', () => {
    const [decision] = decisionsOn(block(112, 96), { target: slowMemory });
    expect(chosen(decision)).toBe('expand → depthwise → project');
    expect(decision?.reason).toMatch(/^in one kernel they take \d+ % less time/);
  });

  test('is to keep apart where input and output are the larger tensors', () => {
    const [decision] = decisionsOn(
      `input %x: f32[1,32,112,112]
       const %dw: f32[32,1,3,3] = seeded 1
       const %pw: f32[64,32,1,1] = seeded 2
       %d = Conv(%x, %dw) {group = 32, pads = [1, 1, 1, 1]}
       %y = Conv(%d, %pw)
       output "y" = %y`,
      auto,
    );
    expect(decision).toMatchObject({ candidate: 'depthwise → pointwise', choice: 'keep' });
    expect(decision?.reason).toMatch(/would take as much time and \d+ % more memory$/);
    expect(chosen(decision)).toBe('apart');
  });

  test('counts scratch memory for one image, however many there are', () => {
    const arenaOf = (images: number, way: string): number => {
      const text = block(56, 96).replace('[1,16,56,56]', `[${images},16,56,56]`);
      return measure(wayOf(decisionsOn(text, auto)[0], way), 'arena') ?? 0;
    };
    const images = 16 * 56 * 56 * 4;
    const scratch = arenaOf(1, 'expand → depthwise → project') - 2 * images;
    expect(scratch).toBeGreaterThan(0);
    expect(arenaOf(3, 'expand → depthwise → project')).toBe(3 * 2 * images + scratch);
  });

  test('tells another reader from squeeze-and-excite', () => {
    const [decision] = decisionsOn(
      `${weights}
       %d = Conv(%x, %dw) {group = 4}  %y = Conv(%d, %pw)  %z = Conv(%d, %pw)
       output "y" = %y  output "z" = %z`,
      all,
    );
    expect(decision?.reason).toBe('something else reads the depthwise result, too');
  });

  test('names what makes fusing illegal', () => {
    const [decision, ...others] = decisionsOn(
      `${weights}
       %d = Conv(%x, %dw) {group = 4}  %a = GlobalAveragePool(%d)  %g = Sigmoid(%a)
       %m = Mul(%d, %g)  %y = Conv(%m, %pw)  output "y" = %y`,
      all,
    );
    expect(decision?.reason).toContain('squeeze-and-excite');
    expect(others).toEqual([]);
  });
});

function decisionsOn(lines: string, context: PassContext): Decision[] {
  const decisions: Decision[] = [];
  const onDecision = (decision: Decision) => decisions.push(decision);
  fuseSeparableConv.run(parseGraph(`graph "test" {\n${lines}\n}`), { ...context, onDecision });
  return decisions;
}

function measure(
  of: { readonly measures: readonly Measure[] } | undefined,
  name: string,
): number | undefined {
  return of?.measures.find((one) => one.name === name)?.value;
}

function wayOf(decision: Decision | undefined, name: string) {
  return decision?.ways.find((way) => way.name === name);
}

function chosen(decision: Decision | undefined): string | undefined {
  return decision?.ways.find(({ isChosen }) => isChosen)?.name;
}
