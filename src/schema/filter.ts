import { groups } from '../image/groups.ts';
import type { ImageFilter as ImageFilterShape } from '../query/filter.ts';
import { builder } from './builder.ts';
import { inputFields } from './from-fields.ts';
