import { f32, feed, i32, type OpCase, opCase } from './op-case.js';

export const einsumCases: readonly OpCase[] = [
  opCase('Einsum', [f32([3, 4])], { equation: 'ij->ji' }),
  opCase('Einsum', [f32([3, 4, 5])], { equation: 'ijk -> j' }),
  opCase('Einsum', [f32([2, 4, 3, 4])], { equation: 'aibi->iba' }),
  opCase('Einsum', [f32([4, 4])], { equation: 'ii' }),
  opCase('Einsum', [f32([2, 3, 3])], { equation: '...ii->...i' }),
  opCase('Einsum', [f32([3, 4]), f32([4, 5])], { equation: 'ij,jk' }),
  opCase('Einsum', [f32([2, 3, 5, 4]), f32([2, 3, 6, 4])], { equation: 'bhid,bhjd->bhij' }),
  opCase('Einsum', [f32([2, 5, 3, 4]), f32([6, 3, 4])], { equation: 'blhd,ohd->blo' }),
  opCase('Einsum', [f32([3, 2, 4]), f32([3, 5])], { equation: 'kij,kb->bij' }),
  opCase('Einsum', [f32([3]), f32([4])], { equation: 'i,j->ji' }),
  opCase('Einsum', [f32([1, 3, 4]), f32([5, 4, 2])], { equation: '...ij,...jk->...ik' }),
  opCase('Einsum', [f32([2, 3]), f32([3, 4, 5]), f32([2, 5])], { equation: 'ai,ijk,ak->aj' }),
  opCase('Einsum', [i32([3, 4]), i32([4])], { equation: 'ij,j->i' }),
  opCase('Einsum', [f32([]), f32([2, 3])], { equation: ',ij->ij' }),
  opCase('Einsum', [feed('float64', [2, 3]), feed('float64', [2, 3])], { equation: 'ij,ij->' }),
];
