/*
 * explain-bgp - routers and sessions as they come to be: with the numbers and addresses that nobody gave
 */
#include "bgp-priv.h"
#include "columns-priv.h"
#include "explain-priv.h"
#include "json-write-priv.h"

#define ROWS_SHOWN 40 /* in text; the rest is in JSON */

static const char *const types[] = { "ebgp", "confed", "ibgp" };

/* "10.1.0.0/16, 10.2.0.0/16 and 3 more" */
static char *networks_text(const DxBgpRouter *router)
{
    GString *text = g_string_new(NULL);
    char one[DX_PREFIX_TEXT];

    for (unsigned i = 0; i < MIN(router->n_networks, 2); i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", dx_prefix_text(&router->networks[i], one));
    if (router->n_networks > 2)
        g_string_append_printf(text, " and %u more", router->n_networks - 2);
    return g_string_free(text, FALSE);
}

/* What it goes over: a VIF, a trunk, or the IGP. */
static const char *line_of(const DxScenario *scenario, const DxBgpSession *session)
{
    return session->vif != DX_BGP_NOBODY     ? DX_SC(scenario, vifs, DxScVif, session->vif)->name
           : session->trunk != DX_BGP_NOBODY ? dx__scenario_trunk_name(scenario, session->trunk)
                                             : "the IGP";
}

static DxTime hold_of(const DxBgpSession *session)
{
    return MIN(session->end[0].hold_ps, session->end[1].hold_ps);
}

/* RFC 5880 6.8.4: the other end's multiplier times the slower of both. 0: no BFD. */
static DxTime detection_of(const DxBgpSession *session, unsigned end)
{
    const DxBgpEnd *ends = session->end;

    return ends[0].has_bfd && ends[1].has_bfd
               ? ends[!end].bfd_multiplier * MAX(ends[0].bfd_interval_ps, ends[1].bfd_interval_ps)
               : 0;
}

static char *time_text(DxTime time_ps)
{
    return time_ps ? dx_units_format(DX_UNIT_TIME, time_ps) : g_strdup("none");
}

static char *bfd_text(const DxBgpSession *session)
{
    g_autofree char *first = time_text(detection_of(session, 0));
    g_autofree char *second = time_text(detection_of(session, 1));

    return detection_of(session, 0) == detection_of(session, 1) ? g_strdup(first)
                                                                : g_strdup_printf("%s, %s", first, second);
}

/* -- text -------------------------------------------------------------------------------------------- */

static void append_routers(GString *out, const DxBgpNetwork *network)
{
    DxColumns columns;
    char text[DX_IP_TEXT];

    dx__columns_init(&columns, 5, 2, 0, 4);
    for (const char *const *head =
             (const char *const[]){ "router", "AS", "router ID", "loopback", "announces", NULL };
         *head; head++)
        dx__columns_add(&columns, g_strdup(*head));
    for (unsigned i = 0; i < MIN(network->n_routers, ROWS_SHOWN); i++) {
        const DxBgpRouter *router = &network->routers[i];

        dx__columns_add(&columns, g_strdup(router->name));
        dx__columns_add(&columns, g_strdup_printf("%u", router->asn));
        dx__columns_add(&columns, g_strdup(dx_router_id_text(router->router_id, text)));
        dx__columns_add(&columns, g_strdup(dx_ip_text(&router->loopback, text)));
        dx__columns_add(&columns, networks_text(router));
    }
    dx__columns_finish(&columns, out);
}

static void append_sessions(GString *out, const DxScenario *scenario, const DxBgpNetwork *network)
{
    DxColumns columns;
    char text[DX_IP_TEXT];

    g_string_append_c(out, '\n');
    dx__columns_init(&columns, 7, 2, 0, 2);
    for (const char *const *head =
             (const char *const[]){ "session", "type", "over", "from", "to", "hold", "BFD", NULL };
         *head; head++)
        dx__columns_add(&columns, g_strdup(*head));
    for (unsigned i = 0; i < MIN(network->n_sessions, ROWS_SHOWN); i++) {
        const DxBgpSession *session = &network->sessions[i];

        dx__columns_add(&columns, g_strdup(session->name));
        dx__columns_add(&columns, g_strdup(types[session->type]));
        dx__columns_add(&columns, g_strdup(line_of(scenario, session)));
        for (unsigned end = 0; end < 2; end++)
            dx__columns_add(&columns, g_strdup_printf("%s %s", network->routers[session->router[end]].name,
                                                      dx_ip_text(&session->address[end], text)));
        dx__columns_add(&columns, time_text(hold_of(session)));
        dx__columns_add(&columns, bfd_text(session));
    }
    dx__columns_finish(&columns, out);
}

void dx__explain_bgp_text(GString *out, const DxScenario *scenario)
{
    const DxBgpNetwork *network = scenario->bgp ? &scenario->bgp->network : NULL;

    if (!network || !network->n_routers)
        return;
    g_string_append(out, "\nBGP\n");
    append_routers(out, network);
    if (network->n_sessions)
        append_sessions(out, scenario, network);
    if (network->n_routers > ROWS_SHOWN || network->n_sessions > ROWS_SHOWN)
        g_string_append(out, "\nand more; --json has them all\n");
}

/* -- JSON -------------------------------------------------------------------------------------------- */

static void write_router(DxJsonWriter *writer, const DxBgpRouter *router)
{
    char id[DX_IP_TEXT], loopback[DX_IP_TEXT], cluster[DX_IP_TEXT], prefix[DX_PREFIX_TEXT];

    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "router", router->name);
    dx__json_write_u64(writer, "asn", router->asn);
    dx__json_write_texts(writer, "router_id", dx_router_id_text(router->router_id, id), "loopback",
                         dx_ip_text(&router->loopback, loopback), "cluster_id",
                         dx_router_id_text(router->cluster_id, cluster), NULL);
    dx__json_write_array(writer, "networks");
    for (unsigned i = 0; i < router->n_networks; i++)
        dx__json_write_text(writer, NULL, dx_prefix_text(&router->networks[i], prefix));
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}

static void write_session(DxJsonWriter *writer, const DxScenario *scenario, const DxBgpNetwork *network,
                          const DxBgpSession *session)
{
    char text[DX_IP_TEXT];

    dx__json_write_object(writer, NULL);
    dx__json_write_texts(writer, "session", session->name, "type", types[session->type], "over",
                         line_of(scenario, session), NULL);
    dx__json_write_u64(writer, "hold_ps", (uint64_t)hold_of(session));
    dx__json_write_array(writer, "ends");
    for (unsigned end = 0; end < 2; end++) {
        dx__json_write_object(writer, NULL);
        dx__json_write_texts(writer, "router", network->routers[session->router[end]].name, "address",
                             dx_ip_text(&session->address[end], text), NULL);
        dx__json_write_u64(writer, "prefix_limit", (uint64_t)session->end[end].prefix_limit);
        dx__json_write_u64(writer, "bfd_detection_ps", (uint64_t)detection_of(session, end));
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}

void dx__explain_bgp_json(DxJsonWriter *writer, const DxScenario *scenario)
{
    const DxBgpNetwork *network = scenario->bgp ? &scenario->bgp->network : NULL;

    if (!network)
        return;
    dx__json_write_object(writer, "bgp");
    dx__json_write_array(writer, "routers");
    for (unsigned i = 0; i < network->n_routers; i++)
        write_router(writer, &network->routers[i]);
    dx__json_write_end(writer);
    dx__json_write_array(writer, "sessions");
    for (unsigned i = 0; i < network->n_sessions; i++)
        write_session(writer, scenario, network, &network->sessions[i]);
    dx__json_write_end(writer);
    dx__json_write_array(writer, "igp");
    for (unsigned i = 0; i < network->n_igp_links; i++) {
        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "line", dx__scenario_trunk_name(scenario, network->igp_links[i].trunk));
        dx__json_write_u64(writer, "metric", network->igp_links[i].metric);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
    dx__json_write_end(writer);
}
