import { Module } from '@nestjs/common';
import { EnrolController } from './enrol.controller.ts';
import { EngineService } from './engine.service.ts';

@Module({ providers: [EngineService] })
export class EngineModule {}

/** Entering scenarios over HTTP; for processes with the role `api`. */
@Module({ controllers: [EnrolController] })
export class EnrolApiModule {}
