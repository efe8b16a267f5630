import { describe, expect, test } from 'vitest';
import { runCommandLine } from './test-context.test-support.js';

describe('the command', () => {
  test('prints its version', async () => {
    expect(await runCommandLine(['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test.each([
    [['--help']],
    [['serve', '--help']],
    [['sign', '--help']],
    [['upload', '--help']],
    [['explain', '--help']],
    [['doctor', '--help']],
    [['sign-policy', 'check', '--help']],
    [['sign-policy', 'schema', '--help']],
    [['keys', 'create', '--help']],
    [['keys', 'list', '--help']],
    [['keys', 'disable', '--help']],
    [['presets', 'create', '--help']],
    [['presets', 'list', '--help']],
    [['presets', 'show', '--help']],
    [['presets', 'delete', '--help']],
  ])('%j has an example', async (args) => {
    const { code, out } = await runCommandLine(args);
    expect(code).toBe(0);
    expect(out).toMatch(/Examples?:\n {2}(COUNTERSEAL|counterseal)/);
  });

  test.each([
    [[]],
    [['nonsense']],
    [['keys']],
    [['keys', 'nonsense']],
    [['sign', '--nonsense']],
    [['upload']],
    [['doctor']],
    [['sign-policy']],
  ])('%j is exit code 2 with a word on stderr', async (args) => {
    const { code, out, err } = await runCommandLine(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });
});
