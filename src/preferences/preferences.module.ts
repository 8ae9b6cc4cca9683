import { Module } from '@nestjs/common';
import { Offers } from './offers.service.ts';
import { PreferencesApiController } from './preferences-api.controller.ts';
import { PreferencesController } from './preferences.controller.ts';
import { PreferencesService } from './preferences.service.ts';

/** The preference centre over HTTP; for processes with the role `api`. */
@Module({ controllers: [PreferencesController, PreferencesApiController], providers: [PreferencesService, Offers] })
export class PreferencesModule {}
