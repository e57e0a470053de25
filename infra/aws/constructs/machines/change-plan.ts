import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Choice, Fail, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { MACHINES } from '../../names.ts'
import type { Alarms } from '../alarms.ts'
import { failWithCause, outcomeIs, ServiceMachine, steps } from '../service-machine.ts'

/** What each step does: `billing/workflows/README.md`. */
export class ChangePlanMachine extends Construct {
  constructor(scope: Construct, stepFunction: IFunction, alarms: Alarms) {
    super(scope, 'ChangePlan')
    const step = steps(this, stepFunction, failWithCause(this, 'NotChanged'))
    const [load, entitle, settle, switchOn] = [step('Load'), step('Entitle'), step('Settle'), step('Switch')]
    const waitFor = (id: string, seconds: number) =>
      new Wait(this, id, { time: WaitTime.duration(Duration.seconds(seconds)) })
    entitle.next(
      new Choice(this, 'LimitsInForce')
        .when(outcomeIs('in_force'), step('Announce').next(new Succeed(this, 'Changed')))
        .otherwise(waitFor('AwaitGateway', 15).next(entitle)),
    )
    settle.next(
      new Choice(this, 'OldReported')
        .when(outcomeIs('settled'), step('Cancel').next(switchOn.next(entitle)))
        .otherwise(waitFor('AwaitSummary', 15).next(settle)),
    )
    const unwanted = new Fail(this, 'UnwantedSubscription', {
      error: 'UnwantedSubscription',
      cause: 'A subscription that no change of plan had asked for was refunded and cancelled.',
    })
    const whatIsLeft = new Choice(this, 'WhatIsLeft')
      .when(outcomeIs('ready'), switchOn)
      .when(outcomeIs('replaces'), step('Report').next(settle))
      .when(outcomeIs('renewed'), step('Follow').next(entitle))
      .when(outcomeIs('ended'), step('Leave').next(entitle))
      .when(outcomeIs('unwanted'), step('Refuse').next(unwanted))
      .when(outcomeIs('expired'), new Succeed(this, 'NothingToSwitch'))
      .otherwise(waitFor('AwaitPayment', 60).next(load))
    // Stripe ends an incomplete subscription after 23 hours.
    new ServiceMachine(this, 'ChangePlan', {
      name: MACHINES.changePlan,
      definition: load.next(whatIsLeft),
      timeout: Duration.hours(24),
      alarms,
    })
  }
}
