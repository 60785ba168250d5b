import { httpUnderTest } from './http-under-test.ts';
import { placeholderValues } from './placeholder-values.ts';

placeholderValues('values as bound parameters, over HTTP', () => httpUnderTest(), 40);
