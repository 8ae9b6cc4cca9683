export { TemplateCache } from './cache.service.ts';
export { checkTemplate, sampleData } from './check.ts';
export { compileTemplate } from './compile.ts';
export { contactData, eventData, senderData } from './data.ts';
export { refuseEmpty } from './emptiness.ts';
export { readTemplateFolders } from './folder.service.ts';
export type { Language } from './formatting.ts';
export { inspectSource } from './inspect.ts';
export type { LinkRewriter } from './links.ts';
export type { SmsLength } from './sms-length.ts';
export { smsParts } from './sms-length.ts';
export { TemplateStore } from './template.store.ts';
export { TemplatesModule } from './templates.module.ts';
export { isWhole } from './environment.ts';
export { liftTags, tagsOf } from './tags.ts';
export { compileValue, type ValueWriter } from './value.ts';
export type {
  CompiledTemplate,
  Links,
  RenderData,
  Rendered,
  RenderedEmail,
  RenderedSms,
  TemplateFolder,
  TemplateInfo,
} from './template.ts';
export { offerIn } from './promotion.ts';
export { RenderError } from './template.ts';
