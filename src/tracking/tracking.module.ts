import { Module } from '@nestjs/common';
import { HitJudge } from './hit-judge.service.ts';
import { HitRecorder } from './hit-recorder.service.ts';
import { TrackingController } from './tracking.controller.ts';
import { TrackingWorker } from './tracking.worker.ts';

/** Clicks and opens; for processes with the role `api`. */
@Module({ controllers: [TrackingController], providers: [HitRecorder, HitJudge, TrackingWorker] })
export class TrackingApiModule {}
