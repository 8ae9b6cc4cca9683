export { joinEmbedded, startEmbedded, type Embedded, type EmbeddedOptions } from './embedded.ts';
