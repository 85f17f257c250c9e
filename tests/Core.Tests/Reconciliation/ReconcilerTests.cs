using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Diagnostics;

namespace CalicoConsole.Core.Tests.Reconciliation;

public sealed class ReconcilerTests
{
    private static readonly Dictionary<string, (Action<LegsWorld> Break, string Row, string Repair)> Faults = new(StringComparer.Ordinal)
    {
        ["docker missing: no container, and the store was not read"] = (
            w =>
            {
                w.Remove("docker02", "far");
                w.Interfaces["docker02"] = [];
                w.Store.Clear();
            }, "Docker", "DeleteEndpoint"),
        ["docker missing: no container, and the store has its record"] = (w => w.Remove("docker02", "far"), "Docker", "ReleaseEndpoint"),
        ["docker missing: a container that is exited"] = (w => w.Container("docker02", "far", c => c with { State = "exited" }), "Docker", "ReleaseEndpoint"),
        ["docker missing: no record in the store"] = (w => w.Store.Remove(LegsWorld.RecordKey("far")), "Docker", "RestartContainer"),
        ["docker doubled: two containers have one endpoint"] = (
            w => w.Container("docker02", "far", c => c with { Networks = [c.Networks[0] with { EndpointId = LegsWorld.Id("near") }] }),
            "Docker", "RestartContainer"),
        ["docker differs: the address"] = (
            w => w.Container("docker02", "far", c => c with { Networks = [c.Networks[0] with { IPv4 = "192.0.2.71" }] }), "Docker", "RestartContainer"),
        ["docker differs: the MAC"] = (
            w => w.Container("docker02", "far", c => c with { Networks = [c.Networks[0] with { MacAddress = DoctorWorld.Foreign }] }),
            "Docker", "RestartContainer"),
        ["docker differs: the address in the store"] = (
            w => w.Store[LegsWorld.RecordKey("far")] = LegsWorld.Record("far", "192.0.2.71"), "Docker", "RestartContainer"),
        ["docker differs: a record that no container holds"] = (
            w => w.Store[LegsWorld.RecordKey("till")] = LegsWorld.Record("till", "192.0.2.9"), "Docker", "ReleaseEndpoint"),
        ["endpoint missing: a running container without one"] = (w => w.Keys.Remove(LegsWorld.Key("docker02", "far")), "Endpoint", "RestartContainer"),
        ["endpoint missing: an address that nobody has"] = (
            w => w.Block("192.0.2.0/26", "docker01", "192.0.2.2", "192.0.2.3", "192.0.2.9"), "Endpoint", "ReleaseAddress"),
        ["endpoint differs: it cannot be read"] = (w => w.Keys[LegsWorld.Key("docker02", "far")] = "{", "Endpoint", "RestartContainer"),
        ["endpoint differs: it is not active"] = (
            w => Edit(w, "far", "\"active\"", "\"inactive\""), "Endpoint", "RestartContainer"),
        ["address missing: it is not allocated"] = (w => w.Block("192.0.2.64/26", "docker02"), "Address", "RestartContainer"),
        ["address missing: the endpoint has none"] = (
            w =>
            {
                Edit(w, "far", "\"192.0.2.70/32\"", "");
                w.Container("docker02", "far", c => c with { Networks = [c.Networks[0] with { IPv4 = "" }] });
                w.Store[LegsWorld.RecordKey("far")] = "{}";
                w.Block("192.0.2.64/26", "docker02");
            }, "Address", "RestartContainer"),
        ["profile missing: it does not exist"] = (w => Edit(w, "far", "my_net", "gone"), "Profile", "CreateProfile"),
        ["profile missing: the endpoint names none"] = (w => Edit(w, "far", "\"my_net\"", ""), "Profile", "AttachProfile"),
        ["profile doubled: the endpoint names it twice"] = (w => Edit(w, "far", "\"my_net\"", "\"my_net\",\"my_net\""), "Profile", ""),
        ["profile differs: its rules cannot be read"] = (
            w =>
            {
                w.Keys["/calico/v1/policy/profile/broken/tags"] = "[]";
                w.Keys["/calico/v1/policy/profile/broken/rules"] = "{";
                Edit(w, "far", "my_net", "broken");
            }, "Profile", "EditRules"),
        ["interface missing: the host has none of its name"] = (w => w.Interfaces["docker02"] = [], "Interface", "RestartContainer"),
        ["interface missing: the endpoint names none"] = (
            w => Edit(w, "far", DoctorWorld.Interface("far"), ""), "Interface", "RestartContainer"),
        ["interface missing: of a VM on a host that is read"] = (w => w.Interfaces["docker01"]!.Remove("tap1"), "Interface", ""),
        ["interface differs: the host has the plugin's, the endpoint names another"] = (
            w => Edit(w, "far", DoctorWorld.Interface("far"), "cali1"), "Interface", "RestartContainer"),
        ["interface differs: no endpoint has it"] = (w => w.Interfaces["docker02"]!.Add("cali0123456789a"), "Interface", ""),
    };

    public static TheoryData<string> Cases => [.. Faults.Keys];

    [Fact]
    public void Healthy_NoRowHasAFault()
    {
        var rows = new LegsWorld().Rows();

        Assert.Equal(["docker01/near", "docker01/vm-1", "docker01/web", "docker02/far"], rows.Select(r => $"{r.Node}/{r.Name}").Order());
        Assert.All(rows, r => Assert.False(r.IsFaulty, r.Sentence));
        var web = rows.Single(r => r.Name == "web");
        Assert.All(web.Legs, l => Assert.Equal(LegState.There, l.View.State));
        Assert.Equal("All legs agree.", web.Sentence);
        var vm = rows.Single(r => r.Name == "vm-1");
        Assert.Equal([LegState.DoesNotApply, LegState.There, LegState.DoesNotApply, LegState.There, LegState.There], vm.Legs.Select(l => l.View.State));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void OneThingBroken_ExactlyItsLegIsNamed_WithWhatFollowsAndARepair(string name)
    {
        var (broken, leg, repair) = Faults[name];
        var world = new LegsWorld();
        broken(world);

        var rows = world.Rows();

        var faulty = rows.Where(r => r.IsFaulty).ToArray();
        Assert.Equal(faulty, rows.Take(faulty.Length));
        // Two containers with one endpoint are one row, and the container that lost its own is another that IPAM knows.
        var row = name.StartsWith("docker doubled", StringComparison.Ordinal) ? faulty.Single(r => r.Docker.State == LegState.Doubled)
            : Assert.Single(faulty);
        var (which, view) = Assert.Single(row.Legs, l => l.View.IsFault);
        Assert.Equal(leg, which.ToString());
        Assert.Equal(name.Split(' ', ':')[1], view.State.ToString().ToLowerInvariant());
        Assert.Equal(repair, view.Mend?.GetType().Name ?? "");
        Assert.NotEmpty(view.Consequence);
        Assert.EndsWith(".", view.Consequence, StringComparison.Ordinal);
        Assert.False(view.Text.EndsWith('.'), view.Text);
        Assert.True(view.Mend is not null || view.Command.Length > 0, "no way to repair it");
        Assert.StartsWith(char.ToUpperInvariant(view.Text[0]) + view.Text[1..] + ". ", row.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void SharedThings_AreDoubledOnEachRow()
    {
        var world = new LegsWorld();
        Edit(world, "far", "192.0.2.70", "192.0.2.2");
        world.Container("docker02", "far", c => c with { Networks = [c.Networks[0] with { IPv4 = "192.0.2.2" }] });
        world.Store[LegsWorld.RecordKey("far")] = LegsWorld.Record("far", "192.0.2.2");
        world.Block("192.0.2.64/26", "docker02");
        Edit(world, "near", DoctorWorld.Interface("near"), DoctorWorld.Interface("web"), "docker01");
        world.Keys[LegsWorld.Key("docker02", "near")] = world.Keys[LegsWorld.Key("docker01", "near")];

        var rows = world.Rows();

        Assert.Equal(["far", "web"], rows.Where(r => r.Address.Text.StartsWith("192.0.2.2 is used 2 times", StringComparison.Ordinal)).Select(r => r.Name));
        Assert.Equal(LegState.Doubled, rows.Single(r => r.Name == "web").Interface.State);
        var twins = rows.Where(r => r.Name == "near").ToArray();
        Assert.All(twins, t => Assert.Equal((LegState.Doubled, "the endpoint stands under docker01 and docker02"), (t.Endpoint.State, t.Endpoint.Text)));
        Assert.Equal(new CauseMend.DeleteEndpoint(new("docker02", "libnetwork", "libnetwork", LegsWorld.Id("near"))),
            twins.Single(t => t.Node == "docker02").Endpoint.Mend);
        Assert.Null(twins.Single(t => t.Node == "docker01").Endpoint.Mend);
        Assert.Contains("--node=docker02", twins.Single(t => t.Node == "docker01").Endpoint.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void Handle_ThatCountsWrongly_IsRebuilt()
    {
        var world = new LegsWorld();
        var key = world.Keys.Keys.Single(k => k.EndsWith("192.0.2.64-26", StringComparison.Ordinal) && k.Contains("assignment", StringComparison.Ordinal));
        world.Keys[key] = world.Keys[key].Replace("\"handle_id\":null", "\"handle_id\":\"h1\"", StringComparison.Ordinal);

        var row = Assert.Single(world.Rows(), r => r.IsFaulty);

        Assert.Equal((LegState.Differs, new CauseMend.RebuildHandle("h1")), (row.Address.State, row.Address.Mend));
    }

    [Fact]
    public void NothingRead_NothingOfItIsMissing()
    {
        var world = new LegsWorld { Reads = false };

        Assert.All(world.Rows(), r => Assert.Equal((false, LegState.NotRead, "the interfaces of hosts have not been read"),
            (r.IsFaulty, r.Interface.State, r.Interface.Text)));
        Assert.All(world.Rows(), r => Assert.Equal("No fault in the legs that were read.", r.Sentence));
    }

    [Fact]
    public void HostThatFailed_IsNotRead_WithTheReason()
    {
        var world = new LegsWorld();
        world.Interfaces["docker02"] = null;

        var far = world.Rows().Single(r => r.Name == "far");

        Assert.Equal((LegState.NotRead, "docker02: no answer within 3 s"), (far.Interface.State, far.Interface.Text));
        Assert.False(far.IsFaulty);
    }

    [Theory]
    [InlineData("docker/docker02")]
    [InlineData("etcd")]
    public void SourceThatIsLost_ProvesNothing(string feed)
    {
        var world = new LegsWorld();
        world.Feeds[feed] = FeedStatus.Stale;
        world.Remove("docker02", "far");
        world.Keys.Remove(LegsWorld.Key("docker01", "web"));
        world.Interfaces["docker01"] = ["cali0123456789a"];
        world.Store[LegsWorld.RecordKey("till")] = LegsWorld.Record("till", "192.0.2.9");

        var rows = world.Rows();

        Assert.Equal(LegState.NotRead, rows.Single(r => r.Addresses.Contains(Ip.Parse("192.0.2.70"))).Docker.State);
        if (feed == "etcd")
        {
            Assert.All(rows, r => Assert.False(r.Endpoint.IsFault || r.Interface.IsFault, r.Sentence));
        }
        else
        {
            // Docker's record may be held by a container of the host that does not answer.
            Assert.DoesNotContain(rows, r => r.Name == "till");
        }
    }

    [Fact]
    public void NodeOfNoDockerHost_IsNotRead()
    {
        var world = new LegsWorld();
        world.Keys["/calico/v1/host/compute1/metadata"] = "{}";
        world.Keys[LegsWorld.Vm.Replace("docker01", "compute1", StringComparison.Ordinal)] = world.Keys[LegsWorld.Vm].Replace("10.65.0.5", "10.65.0.6",
            StringComparison.Ordinal);

        var row = world.Rows().Single(r => r.Node == "compute1");

        Assert.Equal((false, "compute1 is no Docker host of this console"), (row.IsFaulty, row.Interface.Text));
    }

    [Fact]
    public void WhatCameAfterTheReading_IsNotJudgedByIt()
    {
        var world = new LegsWorld();
        var now = world.Snapshot();
        world.Remove("docker02", "far");
        world.Before = world.Snapshot();
        world.Hosts["docker02"] = now.Hosts["docker02"];
        world.Interfaces["docker02"] = [];
        world.Store.Remove(LegsWorld.RecordKey("far"));

        var far = world.Rows().Single(r => r.Name == "far");

        Assert.Equal((false, LegState.NotRead, "it came after the interfaces were read"), (far.IsFaulty, far.Interface.State, far.Interface.Text));
    }

    [Fact]
    public void WhatWentAfterTheReading_IsNoLeftover()
    {
        var world = new LegsWorld();
        world.Before = world.Snapshot();
        world.Keys.Remove(LegsWorld.Key("docker02", "far"));
        world.Block("192.0.2.64/26", "docker02");
        world.Remove("docker02", "far");

        Assert.DoesNotContain(world.Rows(), r => r.IsFaulty);
    }

    [Fact]
    public void EndpointWithoutProfile_ThatAPolicySelects_HasNoFault()
    {
        var world = new LegsWorld();
        Edit(world, "far", "\"my_net\"", "");
        world.Keys["/calico/v1/policy/tier/default/policy/all"] = """{"selector":"all()","inbound_rules":[],"outbound_rules":[]}""";

        Assert.Equal(LegState.DoesNotApply, world.Rows().Single(r => r.Name == "far").Profile.State);
    }

    [Fact]
    public void Store_RecordsThatCannotBeRead_AreThereAllTheSame()
    {
        var store = DockerStore.From([($"{DockerStore.Root}/endpoint/n/e", "["u8.ToArray()), ($"{DockerStore.Root}/endpoint/n/f", "[]"u8.ToArray()),
            ($"{DockerStore.Root}/endpoint_count/n", "{}"u8.ToArray())]);

        Assert.Equal([new DockerStoreEndpoint("n", "e", "", null, ""), new DockerStoreEndpoint("n", "f", "", null, "")], store.Endpoints.Values);
        Assert.Empty(store.Networks);
    }

    private static void Edit(LegsWorld world, string name, string old, string text, string? node = null)
    {
        var key = LegsWorld.Key(node ?? "docker02", name);
        Assert.Contains(old, world.Keys[key], StringComparison.Ordinal);
        world.Keys[key] = world.Keys[key].Replace(old, text, StringComparison.Ordinal);
    }
}
