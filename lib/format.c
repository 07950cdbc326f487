/*
 * format - the shape of a scenario file, as tables
 */
#include "alarms-priv.h"
#include "attacks-priv.h"
#include "format-priv.h"
#include "policy-read-priv.h"
#include <dxsim/plot.h>

#include <string.h>

/* clang-format off */

#define KEY(name, kind, ...)  { .key = name, .shape = DX_SHAPE_##kind, __VA_ARGS__ }
#define REQUIRED              .required = true
#define HELP(text)            .help = text
#define END                   { .shape = DX_SHAPE_END }

static const char *const quotas[] = { "error", "warn", "off", NULL };
/* By DxNodeKind. */
const char *const dx__node_kinds[] = { "router", "customer-router", "cloud-device", "dx-gateway", "transit-gateway", "vpc", "host", "internet", NULL };
static const char *const session_types[] = { "ebgp", "ibgp", NULL };
static const char *const actions[] = { "deny", "permit", NULL };
static const char *const vif_types[] = { "private", "public", "transit", NULL };
static const char *const connection_kinds[] = { "dedicated", "hosted", NULL };
static const char *const dos[] = { "fail", "restore", "set", "attack", "shutdown", "enable", "clear", "announce", "withdraw", NULL };
static const char *const budgets[] = { "error", "warn", "off", NULL };
static const char *const hows[] = { "down", "silent", NULL };
static const char *const ops[] = { "<", "<=", "=", "!=", ">=", ">", NULL };
static const char *const verdicts[] = { "holds", "holds-if", "false", "inconsistent", "not-checkable", NULL };
static const char *const places[] = { "ingress", "line", "egress", NULL };
static const char *const directions[] = { "both", "forward", "reverse", NULL };
static const char *const combinations[] = { "grid", "zip", NULL };
static const char *const spacings[] = { "linear", "log", NULL };
static const char *const extremes[] = { "smallest", "largest", NULL };
static const char *const sweep_answers[] = { "knee", "search", NULL };
static const char *const sweep_cases[] = { "none", "worst", NULL };

static const DxFormatKey run_keys[] = {
    KEY("duration", QUANTITY, .unit = DX_UNIT_TIME, REQUIRED, HELP("Simulated time. Frames before its end are handled, events up to it.")),
    KEY("warmup", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "0 ps", HELP("What is born before this is left out of the flows' statistics.")),
    KEY("seed", INTEGER, .fallback = "1", HELP("Of all random streams.")),
    END
};
static const DxFormat run_format = { .name = "run", .summary = "How long, and with which draws.", .keys = run_keys };

static const DxFormatKey confederation_keys[] = {
    KEY("identifier", INTEGER, REQUIRED, HELP("The AS that the outside sees.")),
    KEY("peers", LIST, .item = DX_SHAPE_INTEGER, HELP("The other member ASes; a session to one of them stays within the confederation.")),
    END
};
static const DxFormat confederation_format = { .name = "confederation", .summary = "RFC 5065: the node's own AS is a member of it.", .keys = confederation_keys };

static const DxFormat dampening_format = { .name = "dampening", .summary = "RFC 2439: a route that comes and goes is not used for a while. {} has all defaults.", .keys = (const DxFormatKey[]){ END }, .model = "bgp.dampening" };

static const DxFormatKey bgp_keys[] = {
    KEY("networks", LIST, .item = DX_SHAPE_TEXT, .fallback = "10.N.0.0/24, where its flows' addresses are", HELP("Prefixes that it announces as its own, from the start.")),
    KEY("cluster_id", TEXT, .fallback = "the router ID", HELP("As a route reflector.")),
    KEY("confederation", OBJECT, .of = &confederation_format, HELP("Without it, the AS is all there is.")),
    KEY("dampening", OBJECT, .of = &dampening_format, HELP("Without it, none.")),
    KEY("communities", TEXT, .fallback = "of a cloud-device: briefing, with a catalog that has it", HELP("A table of the catalog: what it makes of the communities of external routes. \"none\": nothing.")),
    END
};
static const DxFormat bgp_format = { .name = "bgp", .summary = "How a router speaks BGP, and by what it decides.", .keys = bgp_keys, .model = "bgp" };

static const DxFormatKey node_keys[] = {
    KEY("kind", CHOICE, .choices = dx__node_kinds, REQUIRED, HELP("What it is. Rules of a catalog, and what is made of communities, go by it; a host speaks no BGP.")),
    KEY("location", TEXT, HELP("For people: where it stands.")),
    KEY("region", TEXT, HELP("Which cloud region it belongs to; the scope of communities goes by it.")),
    KEY("asn", INTEGER, HELP("Its autonomous system: it speaks BGP.")),
    KEY("router_id", TEXT, HELP("Of BGP, as \"10.255.0.1\"; else the loopback, if that is IPv4; else 10.255.0.N.")),
    KEY("loopback", TEXT, HELP("Of BGP: an address of its own, as \"10.255.0.1/32\", between which go sessions that are on no line; else the router ID.")),
    KEY("bgp", OBJECT, .of = &bgp_format, HELP("With an asn; without it, all is default.")),
    KEY("routes", MAP, .item = DX_SHAPE_NAME, .refers = "link, LAG or VIF", HELP("Static routes: by flow, the link, LAG or VIF it takes from here whatever the shortest path is.")),
    END
};
static const DxFormat node_format = { .name = "node", .summary = "A place where flows begin, end, and are forwarded.", .keys = node_keys };

static const DxFormatKey span_keys[] = {
    KEY("amplifier", NAME, .refers = "amplifier", HELP("Behind it, by its name in the catalog of optics; \"any\": gain up to 35 dB, as much power as it takes. Without it, a gain and a noise_figure: none.")),
    END
};
static const DxFormat span_format = { .name = "span", .summary = "A stretch of the fiber and the amplifier behind it.", .keys = span_keys, .model = "fiber.span" };

static const DxFormatKey fiber_keys[] = {
    KEY("spans", LIST, .of = &span_format, HELP("In order, in place of a length; both directions count them from where light enters.")),
    KEY("levels", NAME, .refers = "table of levels", HELP("A table of the catalog of optics, such as briefing-levels: what it promises stands beside what arrives.")),
    END
};
static const DxFormat fiber_format = { .name = "fiber", .summary = "The span between the two ends.", .keys = fiber_keys, .model = "fiber" };

static const DxFormatKey demarcation_keys[] = {
    KEY("company", TEXT, HELP("Whose it is.")),
    KEY("cage", TEXT, HELP("Or room.")),
    KEY("rack", TEXT, HELP("Or cabinet.")),
    KEY("panel", TEXT, HELP("Patch panel.")),
    KEY("ports", TEXT, HELP("Of that panel.")),
    END
};
static const DxFormat demarcation_format = { .name = "demarcation", .summary = "Where a cross connect ends.", .keys = demarcation_keys };

static const DxFormatKey recipient_keys[] = {
    KEY("company", TEXT, HELP("Who may have the cross connect made.")),
    KEY("contact", TEXT, HELP("Whom to ask there.")),
    END
};
static const DxFormat recipient_format = { .name = "recipient", .summary = "To whom a letter goes.", .keys = recipient_keys };

static const DxFormatKey loa_keys[] = {
    KEY("number", TEXT, HELP("Of the letter.")),
    KEY("issued", DATE, HELP("Valid from.")),
    KEY("expires", DATE, HELP("Valid until.")),
    KEY("to", OBJECT, .of = &recipient_format, HELP("To whom it goes.")),
    END
};
static const DxFormat loa_format = { .name = "loa", .summary = "A letter of authorization; nothing that is simulated depends on it.", .keys = loa_keys };

static const DxFormatKey cross_keys[] = {
    KEY("facility", TEXT, HELP("The building.")),
    KEY("customer", OBJECT, .of = &demarcation_format, HELP("One end.")),
    KEY("provider", OBJECT, .of = &demarcation_format, HELP("The other.")),
    KEY("media", TEXT, .fallback = "single-mode fiber", HELP("For people.")),
    KEY("connector", TEXT, .fallback = "LC duplex", HELP("For people.")),
    KEY("connection", TEXT, HELP("Its identifier at the provider.")),
    KEY("loa", OBJECT, .of = &loa_format, HELP("What `dxsim explain --loa` prints.")),
    END
};
static const DxFormat cross_format = { .name = "cross connect", .summary = "What joins the fiber to the router at its end, inside a building: length and loss are those of the line too.", .keys = cross_keys, .model = "fiber.cross_connect" };

static const DxFormatKey insert_keys[] = {
    KEY("model", NAME, .refers = "model", REQUIRED, HELP("Any model with one input and one output, a plugin's too.")),
    KEY("at", CHOICE, .choices = places, .fallback = "line", HELP("Before the queue, on the line behind it, or at the far end of the fiber.")),
    KEY("direction", CHOICE, .choices = directions, .fallback = "both", HELP("\"forward\" is from the first end to the second.")),
    END
};
static const DxFormat insert_format = { .name = "insert", .summary = "A model put into a link's chain.", .keys = insert_keys, .any_model = true };

static const DxFormatKey connection_keys[] = {
    KEY("kind", CHOICE, .choices = connection_kinds, REQUIRED, HELP("A port of your own, or a share of a partner's.")),
    KEY("capacity", QUANTITY, .unit = DX_UNIT_RATE, HELP("hosted: what comes faster is dropped (a policer before the queue, in each direction).")),
    KEY("burst", QUANTITY, .unit = DX_UNIT_SIZE, .fallback = "1 MB", HELP("hosted: depth of the policer's token bucket.")),
    END
};
static const DxFormat connection_format = { .name = "connection", .summary = "How a link is bought.", .keys = connection_keys };

static const DxFormatKey mka_key_keys[] = {
    KEY("ckn", TEXT, REQUIRED, HELP("Name of the key: 2 to 64 hexadecimal digits.")),
    KEY("cak", TEXT, REQUIRED, HELP("The key: 32 or 64 hexadecimal digits. Shown nowhere.")),
    KEY("at", NAME, .refers = "node", .fallback = "both ends", HELP("The end of the link that has it.")),
    KEY("start", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "0 ps", HELP("In use from then on.")),
    KEY("stop", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "never", HELP("In use until then.")),
    END
};
static const DxFormat mka_key_format = { .name = "mka key", .summary = "A connectivity association key (CAK) and its name (CKN).", .keys = mka_key_keys };

static const DxFormatKey mka_keys[] = {
    KEY("keys", LIST, .of = &mka_key_format, .fallback = "that of macsec, or one made of the seed", HELP("The keychain, up to three for each end, the newest last: it is tried first, the others are its fallback.")),
    END
};
static const DxFormat mka_format = { .name = "mka", .summary = "MACsec key agreement: an agent at each end, who speak over the link.", .keys = mka_keys, .model = "mka" };

static const DxFormatKey macsec_keys[] = {
    KEY("cak", TEXT, HELP("Connectivity association key: 64 hexadecimal digits, or 32 for suites of 128 bits; without it, one is made of the seed. Frames that are exported are encrypted with what is derived from it. Shown nowhere.")),
    KEY("ckn", TEXT, HELP("Its name: 2 to 64 hexadecimal digits.")),
    KEY("mka", OBJECT, .of = &mka_format, HELP("Without it, keys are as \"keys\" says.")),
    END
};
static const DxFormat macsec_format = { .name = "macsec", .summary = "IEEE 802.1AE at both ends of a link.", .keys = macsec_keys, .model = "macsec" };

static const DxFormatKey link_keys[] = {
    KEY("like", NAME, .refers = "link", HELP("Whatever is not given here is as there.")),
    KEY("preset", TEXT, HELP("Whatever is given neither here nor there is as the catalog's preset of this name.")),
    KEY("ends", LIST, .item = DX_SHAPE_NAME, .refers = "node", REQUIRED, HELP("Two nodes.")),
    KEY("fiber", OBJECT, .of = &fiber_format, HELP("Without it, a link has no delay of its own.")),
    KEY("optic", ONE_OR_LIST, .item = DX_SHAPE_TEXT, .refers = "optic", HELP("What lights the fiber, by its name in the catalog of optics: one for both ends, or a list of two.")),
    KEY("cross_connect", OBJECT, .of = &cross_format, HELP("At the end of the fiber: more delay and loss.")),
    KEY("budget", CHOICE, .choices = budgets, HELP("With an optic, what becomes of a line that does not close: an error unless told otherwise; warn: the link is dark; off: nobody looks, and errors take what they take.")),
    KEY("debounce", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "0 ps", HELP("Light must be gone, or back, for this long before the ports at its ends go down, or up. Routers call it carrier delay or hold time.")),
    KEY("connection", OBJECT, .of = &connection_format, HELP("Without it, it is a dedicated one.")),
    KEY("macsec", OBJECT, .of = &macsec_format, HELP("Without it, frames go in clear.")),
    KEY("insert", LIST, .of = &insert_format, HELP("More models in its chain, in order.")),
    KEY("metric", INTEGER, HELP("Of the IGP, both ways: 1 to 65535; else 10.")),
    KEY("igp", BOOL, HELP("The IGP goes over it; else it does where both ends are of one AS.")),
    END
};
static const DxFormat link_format = { .name = "link", .summary = "A full-duplex line between two nodes, with a queue at each end.", .keys = link_keys, .model = "port" };

static const DxFormat heartbeat_format = { .name = "heartbeat", .summary = "Each end listens for the other, on every member.", .keys = (const DxFormatKey[]){ END }, .model = "heartbeat" };

static const DxFormat lacp_end_format = { .name = "lacp end", .summary = "What is set at one end of a LAG alone; the rest is as for both.", .keys = (const DxFormatKey[]){ END }, .model = "lacp" };

static const DxFormatKey lacp_keys[] = {
    KEY("ends", MAP, .of = &lacp_end_format, HELP("By node: what this end is set to in place of what stands here for both. mode is active or passive there; start is always that of both.")),
    END
};
static const DxFormat lacp_format = { .name = "lacp", .summary = "The two ends agree on the members: IEEE 802.1AX.", .keys = lacp_keys, .model = "lacp" };

static const DxFormatKey lag_keys[] = {
    KEY("members", LIST, .item = DX_SHAPE_NAME, .refers = "link", REQUIRED, HELP("Links that join the same two nodes.")),
    KEY("heartbeat", OBJECT, .of = &heartbeat_format, HELP("Without it, or lacp, nobody notices a silent failure.")),
    KEY("lacp", OBJECT, .of = &lacp_format, HELP("In place of a heartbeat: the protocol that routers speak. {} has all defaults.")),
    KEY("min_links", INTEGER, .fallback = "0", HELP("With lacp: members without which the LAG is down, at the end that counts them; 0: it is never.")),
    KEY("hold_off", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "0 ps", HELP("With min_links: enough members must have been back for this long before it is up again.")),
    KEY("metric", INTEGER, HELP("Of the IGP, both ways: 1 to 65535; else 10.")),
    KEY("igp", BOOL, HELP("The IGP goes over it; else it does where both ends are of one AS.")),
    END
};
static const DxFormat lag_format = { .name = "lag", .summary = "Links that carry flows together; every flow on one of them.", .keys = lag_keys, .model = "hash" };

static const DxFormatKey vif_keys[] = {
    KEY("on", NAME, .refers = "link or LAG", REQUIRED, HELP("What carries it.")),
    KEY("type", CHOICE, .choices = vif_types, REQUIRED, HELP("What it leads to: a VPC, public services, a transit gateway. Rules of a catalog go by it.")),
    KEY("addresses", LIST, .item = DX_SHAPE_TEXT, HELP("Of its two ends, IPv4 or IPv6, with the length of the prefix, as \"169.254.100.1/30\".")),
    END
};
static const DxFormat vif_format = { .name = "vif", .summary = "A virtual interface: one of many VLANs on a link or LAG, for the flows that go via it.", .keys = vif_keys, .model = "vif" };

/* What both ends have in common, unless one of them says otherwise. */
static const DxFormatKey session_end_keys[] = {
    KEY("in", NAME, .refers = "route map", HELP("For what is received; without it, everything passes.")),
    KEY("out", NAME, .refers = "route map", HELP("For what is announced.")),
    KEY("password", TEXT, HELP("As of the session.")),
    END
};
static const DxFormat session_end_format = { .name = "session end", .summary = "What one end has of its own; the rest is as the session says.", .keys = session_end_keys, .model = "bgp.session" };

static const DxFormatKey session_keys[] = {
    KEY("like", NAME, .refers = "session", HELP("Whatever is not given here is as there.")),
    KEY("preset", TEXT, HELP("Whatever is given neither here nor there is as the catalog's preset of this name.")),
    KEY("ends", LIST, .item = DX_SHAPE_NAME, .refers = "node", REQUIRED, HELP("Two nodes with an asn. The first connects.")),
    KEY("type", CHOICE, .choices = session_types, .fallback = "as the two ASes have it", HELP("What it is meant to be, to be told when it is not.")),
    KEY("on", NAME, .refers = "link, LAG or VIF", .fallback = "between two ASes, the only one that joins its ends; within one, none", HELP("The line it goes over. On none it goes between loopbacks, as the IGP does.")),
    KEY("addresses", LIST, .item = DX_SHAPE_TEXT, .fallback = "those of the VIF; else two of 100.64.0.0/10", HELP("Of its ends, as \"169.254.100.1/30\".")),
    KEY("password", TEXT, HELP("TCP MD5 (RFC 2385), up to 80 characters. Shown nowhere.")),
    KEY("at", MAP, .of = &session_end_format, HELP("By node: what that end has of its own.")),
    END
};
static const DxFormat session_format = { .name = "session", .summary = "A BGP session, and the BFD session beside it: \"bfd\": {} is enough.", .keys = session_keys, .model = "bgp.session" };

static const DxFormatKey prefix_rule_keys[] = {
    KEY("seq", INTEGER, .fallback = "5, 10, ...", HELP("Order.")),
    KEY("action", CHOICE, .choices = actions, REQUIRED, HELP("What becomes of what matches.")),
    KEY("prefix", TEXT, REQUIRED, HELP("As \"10.0.0.0/8\", \"2001:db8::/32\".")),
    KEY("ge", INTEGER, HELP("Prefixes within it of at least this length.")),
    KEY("le", INTEGER, HELP("Of at most this length. Neither: exactly this one.")),
    END
};
static const DxFormat prefix_rule_format = { .name = "prefix rule", .summary = "An entry of a prefix list. The first that matches decides; none: denied.", .keys = prefix_rule_keys };

static const DxFormatKey community_rule_keys[] = {
    KEY("seq", INTEGER, HELP("For people.")),
    KEY("action", CHOICE, .choices = actions, REQUIRED, HELP("What becomes of what matches.")),
    KEY("communities", LIST, .item = DX_SHAPE_TEXT, REQUIRED, HELP("A route needs all of them: \"7224:7300\", \"no-export\".")),
    END
};
static const DxFormat community_rule_format = { .name = "community rule", .summary = "An entry of a community list.", .keys = community_rule_keys };

static const DxFormatKey as_path_rule_keys[] = {
    KEY("seq", INTEGER, HELP("For people.")),
    KEY("action", CHOICE, .choices = actions, REQUIRED, HELP("What becomes of what matches.")),
    KEY("regex", TEXT, REQUIRED, HELP("As routers have it: \"_64500$\".")),
    END
};
static const DxFormat as_path_rule_format = { .name = "as path rule", .summary = "An entry of an AS-path list.", .keys = as_path_rule_keys };

static const DxFormatKey match_keys[] = {
    KEY("type", CHOICE, .choices = dx__match_types, REQUIRED, HELP("What is looked at.")),
    KEY("name", TEXT, HELP("prefix_list, community, as_path: the list.")),
    KEY("exact", BOOL, .fallback = "false", HELP("community: these and no others.")),
    KEY("value", WORD, HELP("metric, local_pref, origin.")),
    END
};
static const DxFormat match_format = { .name = "match", .summary = "A condition of a route map.", .keys = match_keys };

static const DxFormatKey set_keys[] = {
    KEY("type", CHOICE, .choices = dx__set_types, REQUIRED, HELP("What is changed.")),
    KEY("value", WORD, HELP("local_pref, weight, metric, metric_add, metric_subtract, origin, next_hop.")),
    KEY("communities", LIST, .item = DX_SHAPE_TEXT, HELP("community, community_add.")),
    KEY("name", TEXT, HELP("community_delete: a community list.")),
    KEY("asns", LIST, .item = DX_SHAPE_INTEGER, HELP("prepend.")),
    KEY("count", INTEGER, .fallback = "1", HELP("prepend, prepend_last_as: how often.")),
    END
};
static const DxFormat set_format = { .name = "set", .summary = "What a route map does to a route.", .keys = set_keys };

static const DxFormatKey map_entry_keys[] = {
    KEY("seq", INTEGER, .fallback = "10, 20, ...", HELP("Order.")),
    KEY("action", CHOICE, .choices = actions, REQUIRED, HELP("What becomes of what matches.")),
    KEY("match", LIST, .of = &match_format, HELP("All of them must; none: always.")),
    KEY("set", LIST, .of = &set_format, HELP("In order; of several for one attribute the last.")),
    KEY("on_match_next", BOOL, .fallback = "false", HELP("Goes on to the next entry.")),
    END
};
static const DxFormat map_entry_format = { .name = "route map entry", .summary = "An entry of a route map. What none matches is denied.", .keys = map_entry_keys };

static const DxFormatKey policies_keys[] = {
    KEY("prefix_lists", MAP, .item = DX_SHAPE_LIST, .of = &prefix_rule_format, HELP("By name.")),
    KEY("community_lists", MAP, .item = DX_SHAPE_LIST, .of = &community_rule_format, HELP("By name.")),
    KEY("as_path_lists", MAP, .item = DX_SHAPE_LIST, .of = &as_path_rule_format, HELP("By name.")),
    KEY("route_maps", MAP, .item = DX_SHAPE_LIST, .of = &map_entry_format, HELP("By name; what sessions have in and out.")),
    END
};
static const DxFormat policies_format = { .name = "policies", .summary = "What routers do to routes on their way in and out; `dxsim explain policy` tries them.", .keys = policies_keys };

static const DxFormatKey igp_keys[] = {
    KEY("convergence", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "200 ms", HELP("From a line's going down or up to when all routers of its AS go by it.")),
    END
};
static const DxFormat igp_format = { .name = "igp", .summary = "Shortest paths within an AS, by the metrics of lines.", .keys = igp_keys };

static const DxFormatKey group_keys[] = {
    KEY("members", LIST, .item = DX_SHAPE_NAME, .refers = "links.NAME, nodes.NAME or groups.NAME", REQUIRED, HELP("What fails and returns as one.")),
    END
};
static const DxFormat group_format = { .name = "group", .summary = "Things with a common fate: a location, a duct.", .keys = group_keys };

static const DxFormatKey flow_keys[] = {
    KEY("like", NAME, .refers = "flow", HELP("Whatever is not given here is as there.")),
    KEY("from", NAME, .refers = "node", REQUIRED, HELP("Where it begins.")),
    KEY("to", NAME, .refers = "node", REQUIRED, HELP("Where it ends.")),
    KEY("via", ONE_OR_LIST, .item = DX_SHAPE_NAME, .refers = "link, LAG or VIF", HELP("The way from its beginning; behind that, and without it, the path of fewest links.")),
    KEY("backup", ONE_OR_LIST, .item = DX_SHAPE_NAME, .refers = "link, LAG or VIF", HELP("The way while the LAG that `via` begins with is down, which has min_links; from its beginning, as `via`.")),
    KEY("addresses", LIST, .item = DX_SHAPE_TEXT, .fallback = "10.N.0.1 of each node", HELP("Source and destination, IPv4 or IPv6; what bundles hash.")),
    KEY("ports", LIST, .item = DX_SHAPE_INTEGER, .fallback = "49152, 443", HELP("Source and destination; with several flows source ports count up, then source addresses.")),
    KEY("protocol", INTEGER, .fallback = "17", HELP("IP protocol.")),
    END
};
static const DxFormat flow_format = { .name = "flow", .summary = "Offered load from one node to another: one flow or many alike.", .keys = flow_keys, .model = "source" };

static const DxFormatKey event_keys[] = {
    KEY("at", QUANTITY, .unit = DX_UNIT_TIME, REQUIRED, HELP("When, the first time.")),
    KEY("do", CHOICE, .choices = dos, REQUIRED, HELP("\"set\" changes one of what follows below.")),
    KEY("target", NAME, .refers = "links.NAME, nodes.NAME, groups.NAME or sessions.NAME", REQUIRED, HELP("To what; a node stands for its links, or its sessions.")),
    KEY("how", CHOICE, .choices = hows, .fallback = "down", HELP("fail: both ends notice, or nobody does.")),
    KEY("for", QUANTITY, .unit = DX_UNIT_TIME, HELP("fail: restored after this long. attack: it ends; else it goes on to the end of the run. shutdown, announce, withdraw: undone.")),
    KEY("every", QUANTITY, .unit = DX_UNIT_TIME, HELP("Again and again, this far apart, to the end of the run.")),
    KEY("rate", QUANTITY, .unit = DX_UNIT_RATE, HELP("set: the new line rate.")),
    KEY("loss", QUANTITY, .unit = DX_UNIT_GAIN, HELP("set, of a link with optics: lost on the way beyond what its fiber is said to lose. A bend, a dirty connector, age.")),
    KEY("tx", QUANTITY, .unit = DX_UNIT_POWER, HELP("set, of a link with optics: launched, per lane. A laser that ages.")),
    KEY("temperature", QUANTITY, .unit = DX_UNIT_TEMPERATURE, HELP("set: of the cable; its delay drifts.")),
    KEY("from", NAME, .refers = "node", HELP("set, but not of a rate, attack, and fail when it is silent: only the fiber that begins there; else both. shutdown, enable, clear: the end at which it is done; else the first.")),
    KEY("ramp", QUANTITY, .unit = DX_UNIT_TIME, HELP("set: get there in this time, from what it was before, in equal steps.")),
    KEY("steps", INTEGER, .fallback = "10; of light and temperature 100", HELP("set: of a ramp.")),
    KEY("kind", CHOICE, .choices = dx__attack_kinds, HELP("attack: what is done to frames.")),
    KEY("ratio", QUANTITY, .unit = DX_UNIT_PERCENT, .fallback = "100 %", HELP("attack: to how many of them, drawn one by one.")),
    KEY("frames", INTEGER, HELP("attack: to no more than these, each time it begins.")),
    KEY("network", TEXT, HELP("announce, withdraw: the prefix, of the node that is the target.")),
    KEY("soft", BOOL, .fallback = "false", HELP("clear: the other end is asked for its routes again, and the session stays.")),
    END
};
static const DxFormat event_format = { .name = "event", .summary = "What happens to the network, and when.", .keys = event_keys };

static const DxFormatKey select_keys[] = {
    KEY("link", NAME, .refers = "link", HELP("For metrics of links.")),
    KEY("flow", NAME, .refers = "flow", HELP("For metrics of flows.")),
    KEY("lag", NAME, .refers = "LAG", HELP("For metrics of LAGs.")),
    KEY("vif", NAME, .refers = "VIF", HELP("For metrics of VIFs.")),
    KEY("node", NAME, .refers = "node", HELP("For metrics of nodes.")),
    KEY("alarm", NAME, .refers = "alarm", HELP("For metrics of alarms.")),
    KEY("attack", NAME, .refers = "attack", HELP("For metrics of attacks: \"LINK.KIND\".")),
    KEY("session", NAME, .refers = "session", HELP("For metrics of sessions.")),
    KEY("from", NAME, .refers = "node", HELP("The direction of a link, LAG, VIF or attack that begins there; the end of a session.")),
    END
};
static const DxFormat select_format = { .name = "select", .summary = "Of what; may be left out when there is only one.", .keys = select_keys };

static const DxFormatKey expectation_keys[] = {
    KEY("name", TEXT, REQUIRED, HELP("What is expected, in words.")),
    KEY("metric", TEXT, REQUIRED, HELP("See the list of metrics.")),
    KEY("select", OBJECT, .of = &select_format, HELP("Of what.")),
    KEY("stat", TEXT, HELP("Which statistic, where the metric has several.")),
    KEY("op", CHOICE, .choices = ops, REQUIRED, HELP("Measured OP value.")),
    KEY("value", VALUE, REQUIRED, HELP("With its unit; frames may be a whole number.")),
    END
};
static const DxFormat expectation_format = { .name = "expectation", .summary = "Pass or fail; no data is fail.", .keys = expectation_keys };

static const DxFormatKey claim_keys[] = {
    KEY("id", TEXT, REQUIRED, HELP("Its number.")),
    KEY("says", TEXT, REQUIRED, HELP("What somebody says, in words.")),
    KEY("metric", TEXT, HELP("What is measured to check it; without one it is not checkable.")),
    KEY("select", OBJECT, .of = &select_format, HELP("Of what.")),
    KEY("stat", TEXT, HELP("Which statistic, where the metric has several.")),
    KEY("op", CHOICE, .choices = ops, HELP("The claim is that measured OP value.")),
    KEY("value", VALUE, HELP("With its unit.")),
    KEY("given", TEXT, HELP("The condition under which this run checks it: when it holds, it holds if.")),
    KEY("reason", TEXT, HELP("Why it cannot be checked, or contradicts itself.")),
    KEY("bound", TEXT, HELP("The law it breaks, where one does.")),
    KEY("verdict", CHOICE, .choices = verdicts, HELP("As recorded; compared with what the run says.")),
    END
};
static const DxFormat claim_format = { .name = "claim", .summary = "What a document says, and what the run says about that.", .keys = claim_keys };

static const DxFormatKey series_keys[] = {
    KEY("period", QUANTITY, .unit = DX_UNIT_TIME, REQUIRED, HELP("Between two samples, at least 1 us.")),
    KEY("until", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "the end", HELP("The last sample.")),
    END
};
static const DxFormat series_format = { .name = "series", .summary = "Samples over time.", .keys = series_keys };

static const DxFormatKey capture_keys[] = {
    KEY("links", LIST, .item = DX_SHAPE_NAME, .refers = "link", .fallback = "all", HELP("Whose frames; both directions of each.")),
    KEY("snap", QUANTITY, .unit = DX_UNIT_SIZE, .fallback = "whole frames", HELP("No more of a frame than this is kept, at least 16 B.")),
    KEY("fcs", BOOL, .fallback = "true", HELP("Frames end with their FCS.")),
    KEY("from", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "0 ps", HELP("Frames before this are left out.")),
    KEY("until", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "the end", HELP("Frames from this on are left out.")),
    KEY("max_frames", INTEGER, .fallback = "1000000", HELP("What comes after so many is counted, and left out.")),
    KEY("drops", BOOL, .fallback = "false", HELP("What the links lose is there too, each frame with the reason.")),
    END
};
static const DxFormat capture_format = { .name = "capture", .summary = "Frames of links, octet by octet: docs/captures.md.", .keys = capture_keys };

static const DxFormatKey monitor_keys[] = {
    KEY("side", ONE_OR_LIST, .item = DX_SHAPE_NAME, .refers = "node", REQUIRED, HELP("The cloud's ends of links: egress leaves there, ingress arrives.")),
    KEY("sample", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "30 s", HELP("Between two samples of a metric, by the cloud's clock.")),
    KEY("time_scale", INTEGER, .fallback = "1", HELP("The cloud's clock runs so much faster: with 1000 its 5 minutes take 300 ms here, and whatever is written says both.")),
    KEY("profile", ONE_OR_LIST, .item = DX_SHAPE_CHOICE, .choices = dx__alarm_profiles, HELP("Alarms of the catalog, for every connection: the briefing's thresholds, or the documented practice.")),
    KEY("truth", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "1 ms", HELP("Simulated time that peaks beside the points are measured over; at least 1 us.")),
    END
};
static const DxFormat monitor_format = { .name = "monitor", .summary = "Who watches the links that end at the cloud, as CloudWatch does.", .keys = monitor_keys };

static const DxFormatKey action_keys[] = {
    KEY("do", CHOICE, .choices = dx__alarm_dos, REQUIRED, HELP("log and page write a line of events.csv; auto_scale adds to a link's rate; shift_traffic sends flows another way, return_traffic back.")),
    KEY("who", TEXT, HELP("page: whom.")),
    KEY("link", NAME, .refers = "link; of traffic also LAG", .fallback = "that of the alarm", HELP("auto_scale: what gets faster. shift_traffic and return_traffic: where the flows belong.")),
    KEY("to", NAME, .refers = "link or LAG", .fallback = "each flow's backup", HELP("shift_traffic: where they go; it joins the same two nodes.")),
    KEY("add", QUANTITY, .unit = DX_UNIT_RATE, HELP("auto_scale: this much, in both directions.")),
    KEY("after", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "0 ps", HELP("How long it takes: the provisioning delay. Simulated time.")),
    KEY("maximum", QUANTITY, .unit = DX_UNIT_RATE, .fallback = "once only", HELP("auto_scale: again and again while the alarm lasts, up to this rate.")),
    KEY("cool_down", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "0 ps", HELP("auto_scale: nothing is ordered for this long after capacity has come. Simulated time.")),
    END
};
static const DxFormat action_format = { .name = "action", .summary = "What an alarm does.", .keys = action_keys };

static const DxFormatKey alarm_select_keys[] = {
    KEY("link", NAME, .refers = "link", HELP("ConnectionId; for our own metrics any link.")),
    KEY("lane", INTEGER, HELP("OpticalLaneNumber, from 1.")),
    KEY("lag", NAME, .refers = "LAG", HELP("ConnectionId of a LAG.")),
    KEY("vif", NAME, .refers = "VIF", HELP("VirtualInterfaceId.")),
    KEY("family", CHOICE, .choices = dx__ip_families, HELP("IpAddressFamily, of a BGP session on the VIF; for one of two.")),
    KEY("flow", NAME, .refers = "flow", HELP("For metrics of flows.")),
    KEY("from", NAME, .refers = "node", HELP("For our own metrics: the direction that begins there.")),
    END
};
static const DxFormat alarm_select_format = { .name = "alarm select", .summary = "Dimensions of a metric; may be left out when there is only one.", .keys = alarm_select_keys };

static const DxFormatKey alarm_keys[] = {
    KEY("metric", TEXT, REQUIRED, HELP("See docs/cloudwatch.md.")),
    KEY("select", OBJECT, .of = &alarm_select_format, HELP("Of what.")),
    KEY("statistic", CHOICE, .choices = dx__alarm_statistics, .fallback = "Average", HELP("Of the samples of a period.")),
    KEY("period", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "5 min", HELP("Of a point, by the cloud's clock; a whole number of samples.")),
    KEY("op", CHOICE, .choices = dx__alarm_ops, REQUIRED, HELP("Breaching: statistic OP threshold.")),
    KEY("threshold", VALUE, HELP("In the metric's unit; of bits a second also as a percentage of what the port, hosted connection or limited VIF carries, of prefixes accepted as one of the session's prefix_limit.")),
    KEY("margin", QUANTITY, .unit = DX_UNIT_GAIN, HELP("In place of a threshold, of light: so far above the least, or with > below the most, that the optic at the cloud's end is specified for.")),
    KEY("datapoints", TEXT, .fallback = "1 of 1", HELP("So many of the last points must be breaching: \"2 of 3\".")),
    KEY("missing", CHOICE, .choices = dx__alarm_missing, .fallback = "missing", HELP("How points without data count.")),
    KEY("actions", LIST, .of = &action_format, HELP("When it goes to ALARM.")),
    KEY("ok_actions", LIST, .of = &action_format, HELP("When it goes to OK.")),
    END
};
static const DxFormat alarm_format = { .name = "alarm", .summary = "What is watched for, and what is done about it: as CloudWatch's alarms.", .keys = alarm_keys };

static const DxFormatKey cloudwatch_keys[] = {
    KEY("period", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "5 min", HELP("Of a point, by the cloud's clock; a whole number of samples.")),
    END
};
static const DxFormat cloudwatch_format = { .name = "cloudwatch", .summary = "What the cloud's monitor says, beside the truth: needs a monitor.", .keys = cloudwatch_keys };

static const DxFormatKey outputs_keys[] = {
    KEY("series", OBJECT, .of = &series_format, HELP("Writes series.csv.")),
    KEY("capture", OBJECT, .of = &capture_format, HELP("Writes capture.pcapng.")),
    KEY("cloudwatch", OBJECT, .of = &cloudwatch_format, HELP("Writes cloudwatch.csv and dashboard.json.")),
    KEY("plots", LIST, .item = DX_SHAPE_CHOICE, .choices = dx_plot_names, HELP("Draws them into plots/: docs/plots.md.")),
    KEY("plot_format", CHOICE, .choices = dx_plot_formats, .fallback = "svg", HELP("What the pictures are.")),
    END
};
static const DxFormat outputs_format = { .name = "outputs", .summary = "What is written besides the summary.", .keys = outputs_keys };

static const DxFormatKey link_defaults_keys[] = {
    KEY("fiber", OBJECT, .of = &fiber_format, HELP("As in a link.")),
    KEY("optic", ONE_OR_LIST, .item = DX_SHAPE_TEXT, .refers = "optic", HELP("As in a link.")),
    KEY("cross_connect", OBJECT, .of = &cross_format, HELP("As in a link.")),
    KEY("budget", CHOICE, .choices = budgets, HELP("As in a link.")),
    KEY("debounce", QUANTITY, .unit = DX_UNIT_TIME, HELP("As in a link.")),
    KEY("macsec", OBJECT, .of = &macsec_format, HELP("As in a link.")),
    END
};
static const DxFormat link_defaults_format = { .name = "link defaults", .summary = "For every link.", .keys = link_defaults_keys, .model = "port" };
static const DxFormat flow_defaults_format = { .name = "flow defaults", .summary = "For every flow.", .keys = (const DxFormatKey[]){ END }, .model = "source" };

static const DxFormat session_defaults_format = { .name = "session defaults", .summary = "For every session.", .keys = (const DxFormatKey[]){ END }, .model = "bgp.session" };

static const DxFormatKey defaults_keys[] = {
    KEY("link", OBJECT, .of = &link_defaults_format, HELP("For every link.")),
    KEY("flow", OBJECT, .of = &flow_defaults_format, HELP("For every flow.")),
    KEY("session", OBJECT, .of = &session_defaults_format, HELP("For every session.")),
    END
};
static const DxFormat defaults_format = { .name = "defaults", .summary = "What is not said elsewhere.", .keys = defaults_keys };

static const DxFormatKey vary_keys[] = {
    KEY("set", ONE_OR_LIST, .item = DX_SHAPE_TEXT, HELP("What is set to the values: a path as for `--set`, or several.")),
    KEY("times", ONE_OR_LIST, .item = DX_SHAPE_TEXT, HELP("In place of set: what the file says there is multiplied by the values, which are percentages.")),
    KEY("values", LIST, .item = DX_SHAPE_VALUE, HELP("One after the other.")),
    KEY("from", VALUE, HELP("In place of values: the first of a range.")),
    KEY("to", VALUE, HELP("The last of the range.")),
    KEY("points", INTEGER, HELP("How many values the range has, both ends included.")),
    KEY("step", VALUE, HELP("In place of points: from one value to the next, as far as \"to\" is not passed.")),
    KEY("spacing", CHOICE, .choices = spacings, .fallback = "linear", HELP("Equal differences, or equal ratios.")),
    KEY("prefer", CHOICE, .choices = extremes, HELP("With a search: which end is the better one, for the Pareto front.")),
    END
};
static const DxFormat vary_format = { .name = "parameter", .summary = "What differs between the points of a sweep.", .keys = vary_keys };

static const DxFormatKey n_minus_1_keys[] = {
    KEY("each", LIST, .item = DX_SHAPE_TEXT, .refers = "links.NAME, lags.NAME, nodes.NAME or groups.NAME", REQUIRED, HELP("What fails, one at a time; a LAG stands for each of its members; \"links\" and \"groups\" for all there are.")),
    KEY("at", QUANTITY, .unit = DX_UNIT_TIME, .fallback = "0 ps", HELP("When it fails, for good.")),
    KEY("how", CHOICE, .choices = hows, .fallback = "down", HELP("As of an event.")),
    END
};
static const DxFormat n_minus_1_format = { .name = "n minus 1", .summary = "Every point is run with nothing failed, and again with each of these.", .keys = n_minus_1_keys };

static const DxFormatKey measure_keys[] = {
    KEY("metric", TEXT, REQUIRED, HELP("See the list of metrics.")),
    KEY("select", OBJECT, .of = &select_format, HELP("Of what.")),
    KEY("stat", TEXT, HELP("Which statistic, where the metric has several.")),
    END
};
static const DxFormat measure_format = { .name = "measure", .summary = "What is collected of every run besides what its expectations measure.", .keys = measure_keys };

static const DxFormatKey search_keys[] = {
    KEY("name", TEXT, REQUIRED, HELP("Of the parameter, for columns.")),
    KEY("want", CHOICE, .choices = extremes, REQUIRED, HELP("Which value that meets all expectations.")),
    KEY("set", ONE_OR_LIST, .item = DX_SHAPE_TEXT, HELP("As of a parameter.")),
    KEY("times", ONE_OR_LIST, .item = DX_SHAPE_TEXT, HELP("As of a parameter.")),
    KEY("from", VALUE, REQUIRED, HELP("The smallest value to look at.")),
    KEY("to", VALUE, REQUIRED, HELP("The largest.")),
    KEY("spacing", CHOICE, .choices = spacings, .fallback = "linear", HELP("Halve differences, or ratios.")),
    KEY("tolerance", VALUE, REQUIRED, HELP("The answer lies between two values that are no further apart.")),
    KEY("probes", INTEGER, .fallback = "5", HELP("Values to begin with, both ends included.")),
    KEY("max_replications", INTEGER, .fallback = "4 times replications", HELP("Where the interval does not decide, replications are doubled up to this.")),
    END
};
static const DxFormat search_format = { .name = "search", .summary = "The largest or smallest value of one more parameter that meets all expectations of the scenario.", .keys = search_keys };

static const DxFormatKey sweep_expectation_keys[] = {
    KEY("name", TEXT, REQUIRED, HELP("What is expected, in words.")),
    KEY("of", CHOICE, .choices = sweep_answers, REQUIRED, HELP("The knee of an expectation, or what the search has found.")),
    KEY("expectation", TEXT, .fallback = "the one that gives way first", HELP("knee: of which expectation of the scenario, by its name.")),
    KEY("failed", CHOICE, .choices = sweep_cases, .fallback = "worst", HELP("With nothing failed, or at the worst of all failures.")),
    KEY("op", CHOICE, .choices = ops, REQUIRED, HELP("Measured OP value.")),
    KEY("value", VALUE, REQUIRED, HELP("Of the parameter.")),
    END
};
static const DxFormat sweep_expectation_format = { .name = "sweep expectation", .summary = "What must come of the whole sweep.", .keys = sweep_expectation_keys };

static const DxFormatKey sweep_keys[] = {
    KEY("description", TEXT, HELP("What to look for.")),
    KEY("vary", MAP, .of = &vary_format, HELP("Parameters, by the name that their column has.")),
    KEY("combine", CHOICE, .choices = combinations, .fallback = "grid", HELP("Every value with every other, or the first with the first, the second with the second.")),
    KEY("replications", INTEGER, .fallback = "1", HELP("Runs of each point, with draws of their own: the same ones at every point.")),
    KEY("confidence", QUANTITY, .unit = DX_UNIT_PERCENT, .fallback = "95 %", HELP("Of intervals.")),
    KEY("n_minus_1", OBJECT, .of = &n_minus_1_format, HELP("One failure at a time.")),
    KEY("measure", MAP, .of = &measure_format, HELP("What is collected, by name, besides what the expectations measure.")),
    KEY("search", OBJECT, .of = &search_format, HELP("At every point, the largest or smallest value of one more parameter.")),
    KEY("expectations", LIST, .of = &sweep_expectation_format, HELP("Of the whole.")),
    END
};
static const DxFormat sweep_format = { .name = "sweep", .summary = "Many runs of this scenario: docs/sweeps.md.", .keys = sweep_keys };

static const DxFormatKey scenario_keys[] = {
    KEY("dxsim", INTEGER, REQUIRED, HELP("Version of the format: 1.")),
    KEY("name", TEXT, REQUIRED, HELP("In results and titles.")),
    KEY("description", TEXT, HELP("What to look for.")),
    KEY("run", OBJECT, .of = &run_format, REQUIRED, HELP("How long.")),
    KEY("catalog", TEXT, HELP("Dated presets and quotas, by name.")),
    KEY("quota", CHOICE, .choices = quotas, .fallback = "warn with a catalog, else off", HELP("What becomes of a scenario that exceeds the catalog's quotas.")),
    KEY("defaults", OBJECT, .of = &defaults_format, HELP("For all links, flows and sessions.")),
    KEY("nodes", MAP, .of = &node_format, REQUIRED, HELP("Places.")),
    KEY("links", MAP, .of = &link_format, HELP("Lines between them.")),
    KEY("lags", MAP, .of = &lag_format, HELP("Bundles of links.")),
    KEY("vifs", MAP, .of = &vif_format, HELP("Virtual interfaces on links and LAGs.")),
    KEY("igp", OBJECT, .of = &igp_format, HELP("Of all autonomous systems.")),
    KEY("policies", OBJECT, .of = &policies_format, HELP("Lists and route maps.")),
    KEY("sessions", MAP, .of = &session_format, HELP("BGP sessions.")),
    KEY("groups", MAP, .of = &group_format, HELP("Common fates.")),
    KEY("flows", MAP, .of = &flow_format, HELP("Offered load.")),
    KEY("events", LIST, .of = &event_format, HELP("What happens.")),
    KEY("monitor", OBJECT, .of = &monitor_format, HELP("Who watches.")),
    KEY("alarms", MAP, .of = &alarm_format, HELP("What is watched for.")),
    KEY("expectations", LIST, .of = &expectation_format, HELP("What must come of it.")),
    KEY("claims", LIST, .of = &claim_format, HELP("What others say would come of it.")),
    KEY("outputs", OBJECT, .of = &outputs_format, HELP("What is written.")),
    KEY("sweeps", MAP, .of = &sweep_format, HELP("Many runs of it: `dxsim sweep`.")),
    END
};
const DxFormat dx__format_scenario = { .name = "scenario", .summary = "The whole file.", .keys = scenario_keys };

const DxFormat *const dx__formats[] = {
    &dx__format_scenario, &run_format, &defaults_format, &link_defaults_format, &flow_defaults_format, &session_defaults_format, &node_format, &bgp_format, &confederation_format, &dampening_format, &link_format, &fiber_format, &span_format,
    &cross_format, &demarcation_format, &loa_format, &recipient_format, &connection_format, &macsec_format, &mka_format, &mka_key_format, &insert_format, &lag_format,
    &heartbeat_format, &lacp_format, &lacp_end_format, &vif_format, &igp_format, &policies_format, &prefix_rule_format, &community_rule_format, &as_path_rule_format, &map_entry_format, &match_format, &set_format, &session_format, &session_end_format, &group_format, &flow_format, &event_format, &expectation_format, &select_format, &claim_format,
    &outputs_format, &series_format, &capture_format, &monitor_format, &cloudwatch_format,
    &alarm_format, &alarm_select_format, &action_format,
    &sweep_format, &vary_format, &n_minus_1_format, &measure_format, &search_format, &sweep_expectation_format, NULL,
};

/* clang-format on */

static bool is_named(const DxModel *model, const char *name)
{
    return model && !strcmp(model->name, name);
}

const DxModel *dx__format_model(const DxModel *const *models, const char *name)
{
    for (; name && *models; models++) {
        const DxLineModel *line = (*models)->line;

        if (is_named(*models, name))
            return *models;
        for (const DxModel *const *part = (*models)->parts; part && *part; part++)
            if (is_named(*part, name))
                return *part;
        if (line && is_named(line->span, name))
            return line->span;
        if (line && is_named(line->cross, name))
            return line->cross;
    }
    return NULL;
}

DxFormatKey dx__format_param(const DxParam *param)
{
    static const struct {
        DxShape shape;
        DxUnit unit;
    } shapes[] = {
        [DX_TYPE_BOOL] = { DX_SHAPE_BOOL, 0 },
        [DX_TYPE_INT] = { DX_SHAPE_INTEGER, 0 },
        [DX_TYPE_F64] = { DX_SHAPE_NUMBER, 0 },
        [DX_TYPE_ENUM] = { DX_SHAPE_CHOICE, 0 },
        [DX_TYPE_TIME] = { DX_SHAPE_QUANTITY, DX_UNIT_TIME },
        [DX_TYPE_RATE] = { DX_SHAPE_QUANTITY, DX_UNIT_RATE },
        [DX_TYPE_SIZE] = { DX_SHAPE_QUANTITY, DX_UNIT_SIZE },
        [DX_TYPE_FREQUENCY] = { DX_SHAPE_QUANTITY, DX_UNIT_FREQUENCY },
        [DX_TYPE_LENGTH] = { DX_SHAPE_QUANTITY, DX_UNIT_LENGTH },
        [DX_TYPE_RATIO] = { DX_SHAPE_QUANTITY, DX_UNIT_PERCENT },
        [DX_TYPE_LIMIT] = { DX_SHAPE_LIMIT, DX_UNIT_SIZE },
        [DX_TYPE_FILE] = { DX_SHAPE_FILE, 0 },
        [DX_TYPE_CLASSES] = { DX_SHAPE_CLASSES, 0 },
        [DX_TYPE_MIX] = { DX_SHAPE_MIX, DX_UNIT_SIZE },
        [DX_TYPE_REAL] = { DX_SHAPE_QUANTITY, 0 },
    };

    return (DxFormatKey){ .key = param->field,
                          .shape = shapes[param->type].shape,
                          .unit =
                              param->type == DX_TYPE_REAL ? dx_param_unit(param) : shapes[param->type].unit,
                          .required = !param->fallback,
                          .choices = param->names,
                          .fallback = param->fallback,
                          .help = param->help };
}
