/*
 * dxsim/meter.h - what a node of model "meter" is told by whoever builds the network
 */
#ifndef DXSIM_METER_H
#define DXSIM_METER_H

/* Where it stands on a link, in the order of the model's names; its conf begins with one, as an int. */
typedef enum {
    DX_METER_OFFERED,  /* before all that stands before the port */
    DX_METER_SENT,     /* behind the port */
    DX_METER_RECEIVED, /* behind the fiber */
    DX_METER_N_PLACES,
} DxMeterPlace;

#endif
