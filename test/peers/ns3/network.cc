// Any network of full-duplex lines, in ns-3: what becomes of every frame, to the picosecond.
//
// ns-3 gives devices, drop-tail queues, its strict priority discipline (PrioQueueDisc over FifoQueueDisc),
// channels and the event loop. This program reads a network, offers the frames at the times it is told, hands
// each from device to device along its way, and prints what became of it. No IP stack.
//
// Ties. ns-3 handles events of one time in the order in which they were scheduled. With "ties inputs"
// whatever arrives at a node at one time is gathered first and handled by input: after all ends of
// transmission of that time. With "ties natural" every arrival is handled when ns-3 reports it.
//
// Input, numbers separated by white space, times in ps:
//
//   resolution ps|ns   ties inputs|natural   nodes N
//   ports N     per port: from to input rate_bps delay_ps gap_ps limit b|p fifo|priority overhead minimum
//               input: its number at the node it leads to; a packet of n octets takes max(n + overhead,
//               minimum)
//   flows N     per flow: node input size class ports PORT... trains, per train: first_ps gap_ps count
//
// Output: "frame FLOW SEQ TIME_PS PORT", PORT is where it was dropped, -1 if delivered;
//         "port PORT FRAMES WAIT_PS WAIT_MAX_PS": frames whose transmission has begun, and how long they
//         waited.
#include "ns3/core-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t kPppHeader = 2; // what the device adds

struct Frame {
    uint32_t flow, seq, hop;
    int64_t arrival; // at the port it is in
};

struct Arrival {
    uint32_t input, frame;
};

struct Port {
    uint32_t from, to, input;
    uint64_t rate_bps;
    int64_t delay, gap;
    std::string limit, scheduler;
    uint32_t overhead, minimum;
    Ptr<PointToPointNetDevice> device;
    uint64_t frames = 0;
    int64_t wait = 0, wait_max = 0;
};

struct Train {
    int64_t first, gap;
    uint64_t count;
};

struct Flow {
    uint32_t node, input, size, priority;
    std::vector<uint32_t> ports;
    std::vector<Train> trains;
    size_t train = 0;
    uint64_t sent_of_train = 0;
    uint32_t seq = 0;
};

std::vector<Port> g_ports;
std::vector<Flow> g_flows;
std::vector<Frame> g_frames;
std::vector<std::vector<Arrival>> g_inbox; // by node
bool g_by_input = true;
int64_t g_ps_per_tick = 1;

[[noreturn]] void Refuse(const std::string &why)
{
    std::fprintf(stderr, "network: %s\n", why.c_str());
    std::exit(2);
}

int64_t Now()
{
    return Simulator::Now().GetTimeStep() * g_ps_per_tick;
}

Time Ticks(int64_t ps)
{
    if (ps % g_ps_per_tick)
        Refuse(std::to_string(ps) + " ps is no whole number of ticks");
    return TimeStep(uint64_t(ps / g_ps_per_tick));
}

// Which frame a packet is.
class FrameTag : public Tag
{
  public:
    uint32_t frame = 0;
    static TypeId GetTypeId()
    {
        static TypeId id = TypeId("peers::FrameTag").SetParent<Tag>();
        return id;
    }
    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }
    uint32_t GetSerializedSize() const override
    {
        return 4;
    }
    void Serialize(TagBuffer buffer) const override
    {
        buffer.WriteU32(frame);
    }
    void Deserialize(TagBuffer buffer) override
    {
        frame = buffer.ReadU32();
    }
    void Print(std::ostream &) const override
    {
    }
};

uint32_t FrameOf(Ptr<const Packet> packet)
{
    FrameTag tag;
    if (!packet->PeekPacketTag(tag))
        Refuse("a packet without a tag");
    return tag.frame;
}

// -- ns-3's priority discipline as a device's queue
// -----------------------------------------------------------

class Item : public QueueDiscItem
{
  public:
    explicit Item(Ptr<Packet> packet) : QueueDiscItem(packet, Address(), 0)
    {
    }
    void AddHeader() override
    {
    }
    bool Mark() override
    {
        return false;
    }
};

// A device sends what its queue gives it next. Between a discipline and a device ns-3 usually has a second
// queue, of one frame at least, whose content nothing can overtake; here the discipline is asked when the
// line falls free.
class PriorityQueue : public Queue<Packet>
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId id = TypeId("peers::PriorityQueue").SetParent<Queue<Packet>>();
        return id;
    }
    explicit PriorityQueue(const std::string &limit) : m_disc(CreateObject<PrioQueueDisc>())
    {
        for (uint16_t band = 0; band < 2; band++) {
            auto fifo = CreateObjectWithAttributes<FifoQueueDisc>("MaxSize", StringValue(limit));
            auto child = CreateObject<QueueDiscClass>();
            child->SetQueueDisc(fifo);
            m_disc->AddQueueDiscClass(child);
        }
        for (uint8_t priority = 0; priority < 16; priority++)
            m_disc->SetBandForPriority(priority, priority ? 0 : 1);
        m_disc->Initialize();
    }
    bool Enqueue(Ptr<Packet> packet) override
    {
        return m_disc->Enqueue(Create<Item>(packet));
    }
    Ptr<Packet> Dequeue() override
    {
        auto item = m_disc->Dequeue();
        return item ? item->GetPacket() : nullptr;
    }
    Ptr<Packet> Remove() override
    {
        return Dequeue();
    }
    Ptr<const Packet> Peek() const override
    {
        auto item = m_disc->Peek();
        return item ? item->GetPacket() : nullptr;
    }

  private:
    Ptr<PrioQueueDisc> m_disc;
};

// -- the way of a frame
// ---------------------------------------------------------------------------------------

void Print(const Frame &frame, int port)
{
    std::printf("frame %u %u %" PRId64 " %d\n", frame.flow, frame.seq, Now(), port);
}

void Forward(uint32_t index)
{
    Frame &frame = g_frames[index];
    const Flow &flow = g_flows[frame.flow];
    if (frame.hop == flow.ports.size()) {
        Print(frame, -1);
        return;
    }
    const uint32_t number = flow.ports[frame.hop++];
    const Port &port = g_ports[number];
    auto packet = Create<Packet>(std::max(flow.size + port.overhead, port.minimum) - kPppHeader);
    FrameTag tag;
    SocketPriorityTag priority;
    tag.frame = index;
    priority.SetPriority(flow.priority);
    packet->AddPacketTag(tag);
    packet->AddPacketTag(priority);
    frame.arrival = Now();
    if (!port.device->Send(packet, port.device->GetBroadcast(), 0x0800))
        Print(frame, int(number));
}

void Flush(uint32_t node)
{
    std::vector<Arrival> arrivals;
    arrivals.swap(g_inbox[node]);
    std::stable_sort(arrivals.begin(), arrivals.end(),
                     [](const Arrival &a, const Arrival &b) { return a.input < b.input; });
    for (const Arrival &arrival : arrivals)
        Forward(arrival.frame);
}

void Arrive(uint32_t node, uint32_t input, uint32_t frame)
{
    if (!g_by_input) {
        Forward(frame);
        return;
    }
    if (g_inbox[node].empty())
        Simulator::ScheduleNow(&Flush, node);
    g_inbox[node].push_back({ input, frame });
}

bool OnReceive(uint32_t number, Ptr<NetDevice>, Ptr<const Packet> packet, uint16_t, const Address &)
{
    Arrive(g_ports[number].to, g_ports[number].input, FrameOf(packet));
    return true;
}

void OnTransmission(uint32_t number, Ptr<const Packet> packet)
{
    Port &port = g_ports[number];
    const int64_t wait = Now() - g_frames[FrameOf(packet)].arrival;
    port.frames++;
    port.wait += wait;
    port.wait_max = std::max(port.wait_max, wait);
}

void Schedule(uint32_t number);

void Birth(uint32_t number)
{
    Flow &flow = g_flows[number];
    g_frames.push_back({ number, flow.seq++, 0, 0 });
    flow.sent_of_train++;
    Arrive(flow.node, flow.input, uint32_t(g_frames.size() - 1));
    Schedule(number);
}

void Schedule(uint32_t number)
{
    Flow &flow = g_flows[number];
    if (flow.train < flow.trains.size() && flow.sent_of_train == flow.trains[flow.train].count) {
        flow.train++;
        flow.sent_of_train = 0;
    }
    if (flow.train == flow.trains.size())
        return;
    const Train &train = flow.trains[flow.train];
    const int64_t at = train.first + int64_t(flow.sent_of_train) * train.gap;
    Simulator::ScheduleWithContext(flow.node, Ticks(at) - Simulator::Now(), &Birth, number);
}

// -- set-up
// ---------------------------------------------------------------------------------------------------

template <class T> T Read()
{
    T value;
    if (!(std::cin >> value))
        Refuse("the network ends too early");
    return value;
}

void Expect(const std::string &word)
{
    const auto found = Read<std::string>();
    if (found != word)
        Refuse("\"" + found + "\" instead of \"" + word + "\"");
}

bool Choice(const std::string &key, const std::string &yes, const std::string &no)
{
    Expect(key);
    const auto word = Read<std::string>();
    if (word != yes && word != no)
        Refuse(key + " \"" + word + "\"");
    return word == yes;
}

void ReadNetwork()
{
    Expect("ports");
    g_ports.resize(Read<uint32_t>());
    for (Port &port : g_ports) {
        std::cin >> port.from >> port.to >> port.input >> port.rate_bps >> port.delay >> port.gap >>
            port.limit;
        port.limit += Read<std::string>() == "b" ? "B" : "p";
        std::cin >> port.scheduler >> port.overhead >> port.minimum;
    }
    Expect("flows");
    g_flows.resize(Read<uint32_t>());
    for (Flow &flow : g_flows) {
        std::cin >> flow.node >> flow.input >> flow.size >> flow.priority;
        flow.ports.resize(Read<uint32_t>());
        for (uint32_t &port : flow.ports)
            port = Read<uint32_t>();
        flow.trains.resize(Read<uint32_t>());
        for (Train &train : flow.trains)
            std::cin >> train.first >> train.gap >> train.count;
    }
    Expect("end");
}

// Every direction of a line is a line of its own here: the way back is not used.
void Build(uint32_t number, const NodeContainer &nodes)
{
    Port &port = g_ports[number];
    PointToPointHelper helper;
    helper.DisableFlowControl(); // a full queue drops
    helper.SetDeviceAttribute("DataRate", DataRateValue(DataRate(port.rate_bps)));
    helper.SetDeviceAttribute("Mtu", UintegerValue(65000));
    helper.SetDeviceAttribute("InterframeGap", TimeValue(Ticks(port.gap)));
    helper.SetChannelAttribute("Delay", TimeValue(Ticks(port.delay)));
    helper.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", StringValue(port.limit));
    const auto devices = helper.Install(nodes.Get(port.from), nodes.Get(port.to));
    port.device = DynamicCast<PointToPointNetDevice>(devices.Get(0));
    if (port.scheduler == "priority")
        port.device->SetQueue(CreateObject<PriorityQueue>(port.limit));
    else if (port.scheduler != "fifo")
        Refuse("scheduler \"" + port.scheduler + "\"");
    port.device->TraceConnectWithoutContext("PhyTxBegin", MakeBoundCallback(&OnTransmission, number));
    devices.Get(1)->SetReceiveCallback(MakeBoundCallback(&OnReceive, number));
}

// Both must agree on how long a frame takes before anything else can be compared.
void CheckTimes()
{
    for (const Flow &flow : g_flows)
        for (uint32_t number : flow.ports) {
            const Port &port = g_ports[number];
            const uint32_t bytes = std::max(flow.size + port.overhead, port.minimum);
            const auto picobits = (unsigned __int128)bytes * 8 * 1000000000000u;
            const int64_t ps =
                DataRate(port.rate_bps).CalculateBytesTxTime(bytes).GetTimeStep() * g_ps_per_tick;
            if ((unsigned __int128)ps * port.rate_bps != picobits)
                Refuse(std::to_string(bytes) + " B at " + std::to_string(port.rate_bps) + " bps takes ns-3 " +
                       std::to_string(ps) + " ps, which is not exact");
        }
}

} // namespace

int main(int argc, char **argv)
{
    const bool must_be_exact = argc == 1; // any argument: rounding is what is looked at
    (void)argv;
    if (!Choice("resolution", "ps", "ns"))
        g_ps_per_tick = 1000;
    Time::SetResolution(g_ps_per_tick == 1 ? Time::PS : Time::NS);
    g_by_input = Choice("ties", "inputs", "natural");
    Expect("nodes");
    NodeContainer nodes;
    nodes.Create(Read<uint32_t>());
    g_inbox.resize(nodes.GetN());
    ReadNetwork();
    if (must_be_exact)
        CheckTimes();
    for (uint32_t i = 0; i < g_ports.size(); i++)
        Build(i, nodes);
    for (uint32_t i = 0; i < g_flows.size(); i++)
        Schedule(i);
    Simulator::Run();
    for (size_t i = 0; i < g_ports.size(); i++)
        std::printf("port %zu %" PRIu64 " %" PRId64 " %" PRId64 "\n", i, g_ports[i].frames, g_ports[i].wait,
                    g_ports[i].wait_max);
    Simulator::Destroy();
    return 0;
}
