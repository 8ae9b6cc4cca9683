// `node --import ./test/support/register.mjs src/main.ts` runs the sources without a build.
import { register } from 'node:module';

register('./typescript-loader.mjs', import.meta.url);
