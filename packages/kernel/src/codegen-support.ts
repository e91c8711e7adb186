/**
 * What code generators use of the graph level besides its types. They read programs and depend on
 * this level only; whatever else of the graph level they come to need is decided here.
 */

export { CompilerError, dtypes, elementCount, encodeBase64 } from '@whittle/ir';
