import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const sourceRoot = fileURLToPath(new URL('../..', import.meta.url));
/** Inside the repository, so that the compiled files find their packages. */
const cache = fileURLToPath(new URL('../../../../../node_modules/.cache', import.meta.url));
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };

export interface CompiledProgram {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Compiles one of our sources, and those it imports, for a child process: tests run on the sources, but Node 20 runs no
 * TypeScript. Done once for all children, as loading the compiler costs more than what they do.
 */
export async function compileProgram(entry: string): Promise<CompiledProgram> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'counterseal-test-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const target = (path: string) => join(folder, relative(sourceRoot, path)).replace(/\.ts$/, '.js');

  const found = new Set([entry]);
  for (const path of found) {
    const text = await readFile(path, 'utf8');
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    await mkdir(dirname(target(path)), { recursive: true });
    await writeFile(target(path), outputText);
    for (const { fileName } of ts.preProcessFile(outputText).importedFiles) {
      if (fileName.startsWith('.')) found.add(join(dirname(path), fileName.replace(/\.js$/, '.ts')));
    }
  }
  return { path: target(entry), remove: () => rm(folder, { recursive: true, force: true }) };
}
