using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Kept;

public sealed class AttachmentPlannerTests
{
    private const string Stored =
        """{"state":"active","name":"cali1","mac":"ee:ee:ee:ee:ee:ee","profile_ids":["my_net"],"ipv4_nets":["192.0.2.1/32"],"ipv6_nets":[],"x-unknown":7}""";
    private static readonly OperationPlanner Planner = new();
    private static readonly WorkloadEndpointId Id = new("docker01", "libnetwork", "libnetwork", "ep1");
    private static readonly WorkloadEndpointId Vm = new("compute", "openstack", "vm1", "port1");
    private static readonly AttachmentTarget Network = AttachmentTarget.OfNetwork("my_net");

    [Fact]
    public void Attach_AppendsTheProfileAndKeepsEverythingElse()
    {
        var planned = Planner.Plan(new AttachProfile("guests", Network), Cluster());

        var write = Assert.Single(planned.Writes);
        Assert.Equal((V1Keys.WorkloadEndpoint(Id), Expectation.At(30)), (write.Key, write.Expected));
        var after = Encoding.UTF8.GetString(write.Value!.Value.Span);
        Assert.Contains("""["my_net","guests"]""", after, StringComparison.Ordinal);
        Assert.Contains("\"x-unknown\":7", after, StringComparison.Ordinal);
        Assert.Contains(planned.Plan.Warnings, w => w.Contains("does not survive", StringComparison.Ordinal));
    }

    [Fact]
    public void Attach_Remembered_IsKeptInTheSameChange()
    {
        var planned = Planner.Plan(new AttachProfile("guests", AttachmentTarget.OfContainer("docker01", "web"), Remember: true), Cluster());

        Assert.Equal([V1Keys.WorkloadEndpoint(Id), KeptKeys.For(KeptKinds.Attachment, "guests on container docker01/web")], planned.Writes.Select(w => w.Key));
        Assert.Equal(
            new Attachment("guests", AttachmentTarget.OfContainer("docker01", "web")),
            Attachment.Read(Encoding.UTF8.GetString(planned.Writes[1].Value!.Value.Span)));
        Assert.Empty(planned.Plan.Warnings);
    }

    [Fact]
    public void Remembered_LacksUntilTheEndpointHasIt_AndNotWhileTheProfileIsGone()
    {
        var snapshot = Cluster();
        var attachment = new Attachment("guests", Network);

        Assert.Equal(Id, Assert.Single(attachment.Lacking(snapshot)).Value.Id);
        Assert.Empty(new Attachment("my_net", Network).Lacking(snapshot));
        Assert.Empty(new Attachment("nosuch", Network).Lacking(snapshot));
    }

    [Fact]
    public void Detach_TakesItAndForgets_AndWarnsOfAnEndpointWithoutAny()
    {
        var attachment = new Attachment("my_net", Network);
        var snapshot = Keeping(Cluster(), (KeptKinds.Attachment, attachment.Name, attachment.Json()));

        var planned = Planner.Plan(new DetachProfile("my_net", Network), snapshot);

        // Forgotten first: otherwise the profile would be given again in between.
        Assert.Equal(
            [(KeptKeys.For(KeptKinds.Attachment, attachment.Name), true), (V1Keys.WorkloadEndpoint(Id), false)],
            planned.Writes.Select(w => (w.Key, w.Value is null)));
        Assert.Contains(planned.Plan.Warnings, w => w.StartsWith("1 endpoint is left without a profile", StringComparison.Ordinal));
    }

    [Fact]
    public void Detach_ProfileOfTheNetwork_SaysThatARestartGivesItBack()
    {
        var warnings = Planner.Plan(new DetachProfile("my_net", Network), Cluster()).Plan.Warnings;

        Assert.Contains(warnings, w => w.StartsWith("my_net comes back: it is the profile of the network my_net", StringComparison.Ordinal));
    }

    [Fact]
    public void Detach_Remembered_IsKeptInTheSameChangeAndDueAgainWheneverItComesBack()
    {
        var target = AttachmentTarget.OfContainer("docker01", "web");
        var detachment = new Detachment("my_net", target);

        var planned = Planner.Plan(new DetachProfile("my_net", target, Remember: true), Cluster());

        Assert.Equal([detachment.Key, V1Keys.WorkloadEndpoint(Id)], planned.Writes.Select(w => w.Key));
        Assert.DoesNotContain(planned.Plan.Warnings, w => w.Contains("comes back:", StringComparison.Ordinal));
        var kept = Keeping(Cluster(), (KeptKinds.Detachment, detachment.Name, Encoding.UTF8.GetString(planned.Writes[0].Value!.Value.Span)));
        Assert.Equal(detachment, Assert.Single(Detachment.All(kept)));
        Assert.Equal(Id, Assert.Single(detachment.Having(kept)).Value.Id);
        Assert.Empty(Attachment.All(kept));
        Assert.Empty(new Detachment("guests", target).Having(kept));
    }

    [Fact]
    public void Attach_WhatIsKeptOff_ForgetsTheDetachment()
    {
        var target = AttachmentTarget.OfContainer("docker01", "web");
        var detachment = new Detachment("guests", target);

        var planned = Planner.Plan(new AttachProfile("guests", target), Keeping(Cluster(), (KeptKinds.Detachment, detachment.Name, detachment.Json())));

        Assert.Equal((detachment.Key, true), (planned.Writes[0].Key, planned.Writes[0].Value is null));
        Assert.Equal(V1Keys.WorkloadEndpoint(Id), planned.Writes[1].Key);
        Assert.Contains("kept off", planned.Plan.Consequences[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Remembered_ForAContainer_GoesBeforeItsNetwork()
    {
        var container = AttachmentTarget.OfContainer("docker01", "web");
        var off = new Detachment("guests", container);
        var on = new Attachment("my_net", container);

        Assert.Empty(new Attachment("guests", Network).Lacking(Keeping(Cluster(), (KeptKinds.Detachment, off.Name, off.Json()))));
        Assert.Empty(new Detachment("my_net", Network).Having(Keeping(Cluster(), (KeptKinds.Attachment, on.Name, on.Json()))));
        var keeping = Keeping(Cluster(), (KeptKinds.Detachment, off.Name, off.Json()));
        var planned = Planner.Plan(new AttachProfile("guests", Network, Remember: true), keeping);
        Assert.Empty(planned.Writes.Where(w => w.Key == V1Keys.WorkloadEndpoint(Id)));
    }

    [Theory]
    [InlineData("guests", false, "1 endpoint gets the profile guests after those that it has")]
    [InlineData("my_net", false, "1 endpoint has it already.")]
    [InlineData("guests", true, "1 endpoint gets the profile guests after those that it has|It is remembered: whenever an endpoint of network my_net")]
    public void Attach_SaysWhatItDoesToHowMany(string profile, bool remember, string sentences)
    {
        var planned = Planner.Plan(new AttachProfile(profile, Network, remember), Cluster());

        Assert.Collection(
            planned.Plan.Consequences,
            [.. sentences.Split('|').Select<string, Action<string>>(s => said => Assert.StartsWith(s, said, StringComparison.Ordinal))]);
        Assert.Equal(["attach profile"], planned.Plan.Steps);
    }

    [Fact]
    public void Attach_ToWhatIsRememberedAlready_DoesNotWarnThatItEnds()
    {
        var attachment = new Attachment("guests", Network);

        Assert.Empty(
            Planner.Plan(new AttachProfile("guests", Network), Keeping(Cluster(), (KeptKinds.Attachment, attachment.Name, attachment.Json()))).Plan.Warnings);
    }

    [Fact]
    public void Attach_ToANetwork_LeavesOutAndNamesWhatIsKeptOffAContainer()
    {
        var off = new Detachment("guests", AttachmentTarget.OfContainer("docker01", "web"));

        var plan = Planner.Plan(new AttachProfile("guests", Network), Keeping(Cluster(), (KeptKinds.Detachment, off.Name, off.Json()))).Plan;

        Assert.Equal(
            ["1 endpoint is left out: the profile is kept off its container. Attach it there to change that."],
            plan.Warnings);
        Assert.Empty(plan.Consequences);
    }

    [Fact]
    public void Detach_OneEndpoint_CannotBeRemembered() =>
        Assert.Contains(
            Planner.Plan(new DetachProfile("my_net", AttachmentTarget.OfEndpoint(Id), Remember: true), Cluster()).Plan.Errors,
            e => e.Field == "remember");

    public static TheoryData<string, string> Refused => new()
    {
        { "profile", "nosuch" },
        { "profile", "" },
        { "network", "other_net" },
        { "endpoint", "vm" },
        { "endpoint", "gone" },
        { "remember", "endpoint" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Attach_NotPossible_NamesTheField(string field, string what)
    {
        var operation = what switch
        {
            "other_net" => new AttachProfile("guests", AttachmentTarget.OfNetwork("other_net")),
            "vm" => new AttachProfile("guests", AttachmentTarget.OfEndpoint(Vm)),
            "gone" => new AttachProfile("guests", AttachmentTarget.OfEndpoint(Id with { Name = "gone" })),
            "endpoint" => new AttachProfile("guests", AttachmentTarget.OfEndpoint(Id), Remember: true),
            _ => new AttachProfile(what, Network),
        };

        var planned = Planner.Plan(operation, Cluster());

        Assert.Contains(planned.Plan.Errors, e => e.Field == field);
        Assert.Empty(planned.Writes);
    }

    internal static ClusterSnapshot Cluster(string profiles = "\"my_net\"")
    {
        var network = Snapshots.Network("my_net");
        var host = Snapshots.Host().With(network).With(Snapshots.Container("web", attachments: Snapshots.On(network, endpoint: Id.Name, ip: "192.0.2.1")));
        var before = Snapshots.Of() with
        {
            Calico = CalicoStateUpdate.FromListing(
            [
                Key(V1Keys.WorkloadEndpoint(Id), Stored.Replace("\"my_net\"", profiles, StringComparison.Ordinal), 30),
                Key(V1Keys.WorkloadEndpoint(Vm), Stored, 31),
                Key(V1Keys.ProfileTags("my_net"), "[]", 1),
                Key(V1Keys.ProfileRules("my_net"), "{}", 2),
                Key(V1Keys.ProfileTags("guests"), "[]", 3),
                Key(V1Keys.ProfileRules("guests"), "{}", 4),
            ], 100),
            Feeds = [Listings.EtcdIsLive],
        };
        var next = before with { Hosts = before.Hosts.SetItem(host.Name, host) };
        return next with { Views = ClusterViews.Update(before, next, new SnapshotEdit(next, default, [host.Name])) };
    }

    internal static ClusterSnapshot Keeping(ClusterSnapshot snapshot, params (string Kind, string Name, string Json)[] items)
    {
        var kept = items.Select(i => new KeptItem(i.Kind, i.Name, Key(KeptKeys.For(i.Kind, i.Name), i.Json, 3)));
        return snapshot with { Kept = snapshot.Kept.AddRange(kept.Select(i => KeyValuePair.Create(i.Stored.Key, i))) };
    }

    private static StoredKey Key(string key, string value, ulong revision) => new(key, Encoding.UTF8.GetBytes(value), revision);
}
