import { describe, expect, test } from '@jest/globals';
import { createByteBudget } from './byte-budget.ts';

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a budget of bytes', () => {
  test('is shared by all accounts, in the order of asking', async () => {
    const budget = createByteBudget(100);
    const [a, b] = [budget.openAccount(), budget.openAccount()];
    const admitted: string[] = [];
    await a.take(60, never);
    void b.take(50, never).then(() => admitted.push('b'));
    // It would fit, but has come later.
    void a.take(10, never).then(() => admitted.push('a'));
    await turn();
    expect(admitted).toEqual([]);
    a.give(60);
    await turn();
    expect(admitted).toEqual(['b', 'a']);
  });

  test('gives more than there is to one who has it alone', async () => {
    const budget = createByteBudget(100);
    const [a, b] = [budget.openAccount(), budget.openAccount()];
    await a.take(1_000, never);
    let isIn = false;
    const taken = b.take(1, never).then(() => {
      isIn = true;
    });
    await turn();
    expect(isIn).toBe(false);
    a.close();
    await taken;
  });

  test('lets those behind pass when one gives up waiting', async () => {
    const budget = createByteBudget(100);
    const account = budget.openAccount();
    await account.take(50, never);
    const impatient = new AbortController();
    const first = account.take(100, impatient.signal);
    const second = account.take(50, never);
    impatient.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await second;
  });

  test('holds nothing for an account that was closed while it waited', async () => {
    const budget = createByteBudget(100);
    const [a, b] = [budget.openAccount(), budget.openAccount()];
    await a.take(100, never);
    const late = b.take(100, never);
    b.close();
    a.give(100);
    await expect(late).rejects.toThrow('closed');
    await a.take(100, never);
  });

  test('counts what turned out to be larger', async () => {
    const budget = createByteBudget(100);
    const [a, b] = [budget.openAccount(), budget.openAccount()];
    await a.take(10, never);
    a.add(95);
    let isIn = false;
    const taken = b.take(10, never).then(() => {
      isIn = true;
    });
    await turn();
    expect(isIn).toBe(false);
    a.give(20);
    await taken;
  });
});
