import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { CREDENTIAL, type Credential } from '../http/index.ts';

/** Nest's own keys of what its route decorators say. */
const METHOD = 'method';
const PATH = 'path';

/** A service in which a route says nothing of who may use it does not start. */
@Injectable()
export class RouteCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const silent = this.discovery.getControllers().flatMap(({ metatype, name }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, unknown>;
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((method) => isSilent(metatype, prototype[method] as object))
        .map((method) => `${name}.${method}`);
    });
    if (silent.length > 0)
      throw new Error(`no @Access and no @RequiresCredential says who may use ${silent.join(', ')}`);
  }
}

function isSilent(controller: object, handler: object): boolean {
  if (Reflect.getMetadata(METHOD, handler) === undefined || Reflect.getMetadata(PATH, handler) === undefined)
    return false;
  const said = (on: object): Credential | undefined => Reflect.getMetadata(CREDENTIAL, on) as Credential | undefined;
  return said(handler) === undefined && said(controller) === undefined;
}
