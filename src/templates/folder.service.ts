import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../shared/errors.ts';
import type { TemplateFolder } from './template.ts';

const TEMPLATE_ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Pictures and notes may lie beside the files; only text that looks like a template's is read. */
const READ = /\.(hbs|ya?ml|mjml|html?|txt)$/;

async function readFiles(directory: string, prefix: string, files: Record<string, string>): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory() && prefix === '') await readFiles(join(directory, entry.name), path, files);
    else if (entry.isFile() && READ.test(entry.name))
      files[path] = (await readFile(join(directory, entry.name), 'utf8')).replace(/^\uFEFF/, '');
  }
}

/**
 * Reads every template below a folder, sorted by id; links are not followed. A folder that does not exist has none.
 * Throws `UserError` for a folder whose name cannot be an id.
 */
export async function readTemplateFolders(directory: string): Promise<TemplateFolder[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
  const wrong = names.filter((name) => !TEMPLATE_ID.test(name) || name.length > 64);
  if (wrong.length > 0) {
    throw new UserError(
      'A template folder has a name that cannot be used',
      wrong.map((name) => ({
        code: 'template-id',
        severity: 'error',
        message: `"${name}" is not an id`,
        hint: 'name it in lower case with hyphens, such as welcome-hello, at most 64 characters',
        file: join(directory, name),
      })),
    );
  }
  return Promise.all(
    names.map(async (id) => {
      const files: Record<string, string> = {};
      await readFiles(join(directory, id), '', files);
      return { id, files };
    }),
  );
}
