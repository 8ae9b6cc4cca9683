import { styleText } from 'node:util';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Difference } from '../scenarios/index.ts';

const CONTEXT = 3;
const NOTHING = '/dev/null';

/** One file's difference as a unified diff, with which version or file each side is in its header. */
export function patchOf({ before, after }: Difference): string {
  return createTwoFilesPatch(
    before?.file ?? NOTHING,
    after?.file ?? NOTHING,
    before?.text ?? '',
    after?.text ?? '',
    before?.label,
    after?.label,
    { context: CONTEXT, headerOptions: FILE_HEADERS_ONLY },
  );
}

/** The same for a terminal, in the colours that people know from elsewhere. */
export function coloured(patch: string): string {
  return patch.replaceAll(/^.*$/gm, (line) => {
    if (line.startsWith('---') || line.startsWith('+++')) return styled('bold', line);
    if (line.startsWith('@@')) return styled('cyan', line);
    if (line.startsWith('+')) return styled('green', line);
    return line.startsWith('-') ? styled('red', line) : line;
  });
}

/** Whether there are colours has been decided by whoever asks. */
function styled(format: 'bold' | 'cyan' | 'green' | 'red', line: string): string {
  return styleText(format, line, { validateStream: false });
}
