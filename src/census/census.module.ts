import { Module } from '@nestjs/common';
import { PreviewController } from './preview.controller.ts';

/** Counting audiences over HTTP; for processes with the role `api`. */
@Module({ controllers: [PreviewController] })
export class CensusApiModule {}
