/** Random calls of the convolution forms of `GraphBuilder`, and the graph that each builds. */

import {
  type Dim,
  type Graph,
  GraphBuilder,
  type Padding,
  type SpatialRank,
  seededIntegers,
  seededTensor,
  type Tensor,
  type Value,
} from '@whittle/ir';

export const forms = [
  { form: 'conv1d', rank: 1 },
  { form: 'conv2d', rank: 2 },
  { form: 'conv3d', rank: 3 },
  { form: 'groupConv2d', rank: 2 },
  { form: 'depthwiseConv1d', rank: 1 },
  { form: 'depthwiseConv2d', rank: 2 },
  { form: 'depthwiseConv3d', rank: 3 },
  { form: 'pointwiseConv2d', rank: 2 },
  { form: 'separableConv1d', rank: 1 },
  { form: 'separableConv2d', rank: 2 },
] as const satisfies readonly { readonly form: keyof GraphBuilder; readonly rank: SpatialRank }[];

type FormName = (typeof forms)[number]['form'];

/** What is drawn at random is drawn for each choice of these. */
export interface FormChoice {
  readonly form: FormName;
  readonly rank: SpatialRank;
  readonly padding: 'SAME' | 'VALID' | 'explicit';
  readonly channels: 'last' | 'first';
}

export interface FormCase extends Omit<FormChoice, 'padding'> {
  readonly padding: Padding;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
  /** In the order of the data format. */
  readonly image: Tensor;
  /** In TensorFlow's layouts; two of a separable convolution. */
  readonly filters: readonly Tensor[];
  readonly bias: Tensor | undefined;
  readonly activation: 'relu' | 'relu6' | 'elu' | undefined;
  /** Whether filters are inputs of the graph instead of constants. */
  readonly filtersAreInputs: boolean;
}

export function drawCase(choice: FormChoice, seed: number): FormCase {
  const next = seededIntegers(seed);
  const between = (low: number, high: number) => low + (next() % (high - low + 1));
  const perAxis = (low: number, high: number) =>
    Array.from({ length: choice.rank }, () => between(low, high));
  const pointwise = choice.form === 'pointwiseConv2d';
  const kernel = pointwise ? [1, 1] : perAxis(1, 4);
  const strides = perAxis(1, 3);
  // What TensorFlow takes is drawn as often as what it refuses.
  const dilations = next() % 2 === 0 ? perAxis(1, 3) : perAxis(1, 1);
  const padding =
    choice.padding === 'explicit'
      ? perAxis(0, 3).map((before) => [before, between(0, 3)] as const)
      : choice.padding;
  const spatial = kernel.map((taps, axis) => {
    const extent = (taps - 1) * (dilations[axis] ?? 1) + 1;
    return choice.padding === 'SAME' ? between(1, 9) : extent + between(0, 5);
  });
  const groups = choice.form === 'groupConv2d' ? between(2, 3) : 1;
  const inputs = groups * between(1, 4);
  const filterDims = drawFilterDims(choice.form, kernel, inputs, groups, between);
  const batch = between(1, 2);
  const dims =
    choice.channels === 'last' ? [batch, ...spatial, inputs] : [batch, inputs, ...spatial];
  const activation = ([undefined, 'relu', 'relu6', 'elu'] as const)[next() % 4];
  const outputs = outputsOf(choice.form, filterDims);
  return {
    ...choice,
    padding,
    strides,
    dilations,
    groups,
    activation,
    image: seededTensor('float32', dims, seed),
    filters: filterDims.map((filter, i) => seededTensor('float32', filter, seed + 1 + i)),
    bias: next() % 2 === 0 ? seededTensor('float32', [outputs], seed + 3) : undefined,
    filtersAreInputs: next() % 4 === 0,
  };
}

function drawFilterDims(
  form: FormName,
  kernel: readonly number[],
  inputs: number,
  groups: number,
  between: (low: number, high: number) => number,
): readonly (readonly number[])[] {
  const multiplier = between(1, 3);
  const outputs = between(1, 6);
  const ones = kernel.map(() => 1);
  switch (form) {
    case 'depthwiseConv1d':
    case 'depthwiseConv2d':
    case 'depthwiseConv3d':
      return [[...kernel, inputs, multiplier]];
    case 'separableConv1d':
    case 'separableConv2d':
      return [
        [...kernel, inputs, multiplier],
        [...ones, inputs * multiplier, outputs],
      ];
    case 'pointwiseConv2d':
      return [between(0, 1) === 0 ? [inputs, outputs] : [...ones, inputs, outputs]];
    default:
      return [[...kernel, inputs / groups, groups * outputs]];
  }
}

function outputsOf(form: FormName, filters: readonly (readonly number[])[]): number {
  const [inputs = 1, outputs = 1] = filters.at(-1)?.slice(-2) ?? [];
  return form.startsWith('depthwise') ? inputs * outputs : outputs;
}

/**
 * The graph of one call: input `x`, and `filter0`, `filter1` where filters are inputs; output `y`.
 * `named` stands for as many leading dims of `x`.
 */
export function graphOf(formCase: FormCase, named: readonly Dim[] = []): Graph {
  const { form, image, filters, bias, channels, activation } = formCase;
  const builder = new GraphBuilder(form);
  const x = builder.input('x', 'float32', [...named, ...image.dims.slice(named.length)]);
  const [first, second] = filters.map((filter, i) =>
    formCase.filtersAreInputs
      ? builder.input(`filter${i}`, 'float32', filter.dims)
      : builder.constant(filter, `filter${i}`),
  );
  if (first === undefined) throw new Error('There is no filter.');
  const options = {
    strides: formCase.strides,
    padding: formCase.padding,
    dilations: formCase.dilations,
    ...(bias && { bias: builder.constant(bias, 'bias') }),
    ...(activation && { activation }),
  };
  const [format1, format2, format3] =
    channels === 'last' ? (['NWC', 'NHWC', 'NDHWC'] as const) : (['NCW', 'NCHW', 'NCDHW'] as const);
  const build = (): Value => {
    switch (form) {
      case 'conv1d':
      case 'depthwiseConv1d':
        return builder[form](x, first, { ...options, dataFormat: format1 });
      case 'conv3d':
      case 'depthwiseConv3d':
        return builder[form](x, first, { ...options, dataFormat: format3 });
      case 'conv2d':
      case 'depthwiseConv2d':
      case 'pointwiseConv2d':
        return builder[form](x, first, { ...options, dataFormat: format2 });
      case 'groupConv2d':
        return builder[form](x, first, {
          ...options,
          dataFormat: format2,
          groups: formCase.groups,
        });
      case 'separableConv1d':
        return builder[form](x, first, second ?? first, { ...options, dataFormat: format1 });
      case 'separableConv2d':
        return builder[form](x, first, second ?? first, { ...options, dataFormat: format2 });
    }
  };
  builder.output('y', build());
  return builder.build();
}
