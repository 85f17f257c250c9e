using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>Where an operation leads when it has ended, as links that people read.</summary>
public sealed class NextStepsTests
{
    private static readonly OperationAnswer Made = new OperationAnswer.Container("docker01")
    {
        Id = "c1",
        Name = "web1",
        Address = new("192.0.2.9", "db", "e1")
    };
    private static readonly OperationAnswer Stuck = new OperationAnswer.Container("docker01") { Id = "c1", Left = new("web1", "n1") };
    private static readonly WriteResource Pool = new(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse("198.51.100.0/24") });
    private static readonly AttachmentTarget Guests = AttachmentTarget.OfNetwork("guests");

    public static TheoryData<Operation, OperationAnswer, string> Done { get; } = new()
    {
        { Pool, OperationAnswer.None.Value,
            "IP pool 198.51.100.0/24 ippools/198.51.100.0-24 | Create a network on this pool do/create-network?pool=198.51.100.0-24 !" },
        { Pool with { Verb = WriteVerb.Replace }, OperationAnswer.None.Value, "IP pool 198.51.100.0/24 ippools/198.51.100.0-24" },
        { new DeleteResource(new(KindNames.BgpPeer, "192.0.2.1")), OperationAnswer.None.Value, "BGP bgp" },
        { new SetConfiguration("logLevel", "info"), OperationAnswer.None.Value, "logLevel configuration/calicoctl/logLevel" },
        { new AttachProfile("web", Guests), OperationAnswer.None.Value,
            "Profile web profiles/web | Detach it again do/detach-profile?network=guests&profile=web" },
        { new SwapProfile("old", "web", Guests), OperationAnswer.None.Value,
            "Profile web profiles/web | Profile old profiles/old | Swap it back do/swap-profile?network=guests&profile=web&to=old" },
        {
            new CreateNetwork("docker01", "guests", "calico", "calico-ipam", ""), new OperationAnswer.CreatedNetwork("docker01", "n1", "guests"),
            "Network guests networks/n1 | Create a container on this network do/create-container?host=docker01&network=n1 !"
        },
        { new CreateContainer("docker01", "web1", "busybox"), OperationAnswer.None.Value, "Containers containers" },
        {
            new CreateContainer("docker01", "web1", "busybox"), Made,
            "Container web1 containers/docker01/c1 | Profile db, which says who may reach it profiles/db | Ping from this container "
                + "do/ping?host=docker01&container=c1 !"
        },
        {
            new CreateContainer("docker01", "web1", "busybox") { Start = false }, new OperationAnswer.Container("docker01") { Id = "c1" },
            "Container web1 containers/docker01/c1 | Start this container do/start-container?host=docker01&container=c1 !"
        },
        { new ChangeContainer("docker01", "c1", ContainerAction.Remove), Made, "Containers containers" },
        { new ChangeContainer("docker01", "c1", ContainerAction.Stop), Made, "Container web1 containers/docker01/c1" },
        {
            new ChangeContainer("docker01", "c1", ContainerAction.Restart), Made,
            "Container web1 containers/docker01/c1 | Ping from this container do/ping?host=docker01&container=c1 !"
        },
        { new ReleaseEndpoint("docker01", "n1", "web1"), new OperationAnswer.ReleasedFor("c1", "web1"), "Container web1 containers/docker01/c1" },
        { new ReleaseEndpoint("docker01", "n1", "web1"), OperationAnswer.None.Value, "Networks networks" },
        { new EnablePolicy("web"), OperationAnswer.None.Value, "Policy web policies/web | Policy board policy-board" },
        { new SaveKept(KeptKinds.Assertion, "web", "{}"), OperationAnswer.None.Value, "Assertion web assertions/web" },
        { new DeleteKept(KeptKinds.Assertion, "web"), OperationAnswer.None.Value, "Assertions assertions" },
        { new DeleteKept(KeptKinds.Attachment, "web"), OperationAnswer.None.Value, "Profiles profiles" },
        { new ReleaseAddresses([Ip.Parse("192.0.2.1")]), OperationAnswer.None.Value, "IPAM findings ippools?tab=findings" },
        {
            new ConnectTcp("docker01", "c9", "192.0.2.3", 80), new OperationAnswer.TcpProbe(TcpAnswer.Refused),
            "Container c9 containers/docker01/c9 | Ask whether it may reach it reachability?from=c9&to=192.0.2.3&protocol=tcp&port=80"
        },
    };

    public static TheoryData<Operation, OperationAnswer, string> NotDone { get; } = new()
    {
        {
            new CreateContainer("docker01", "web1", "busybox"), Stuck,
            "Release the endpoint web1 do/release-endpoint?host=docker01&network=n1&name=web1 ! | Container web1, which was created containers/docker01/c1"
        },
        {
            new ChangeContainer("docker01", "c1", ContainerAction.Start), Stuck,
            "Release the endpoint web1 do/release-endpoint?host=docker01&network=n1&name=web1 ! | The container containers/docker01/c1"
        },
        { new ChangeContainer("docker01", "c1", ContainerAction.Start), OperationAnswer.None.Value, "The container containers/docker01/c1" },
        { Pool, OperationAnswer.None.Value, "" },
        {
            new WriteResource(WriteVerb.Create, new Profile { Name = "db" }), OperationAnswer.None.Value, "Profile db, which exists profiles/db"
        },
        { new EnablePolicy("web"), OperationAnswer.None.Value, "" },
    };

    [Theory]
    [MemberData(nameof(Done))]
    public void Done_LeadsOn(Operation operation, OperationAnswer answer, string links) =>
        Assert.Equal(links, Shown(operation, answer, OperationOutcome.Succeeded));

    [Theory]
    [MemberData(nameof(NotDone))]
    public void NotDone_LeadsToWhatIsThereAndHelps(Operation operation, OperationAnswer answer, string links) =>
        Assert.Equal(links, Shown(operation, answer, OperationOutcome.Partial));

    [Fact]
    public void Pages_HaveAnAddressAndAName() => Assert.All(Enum.GetValues<ConsolePage>().Select(p => new Destination.Page(p)), page =>
    {
        Assert.NotNull(Links.To(page));
        Assert.NotEmpty(Links.NameOf(page)!);
    });

    private static string Shown(Operation operation, OperationAnswer answer, OperationOutcome outcome)
    {
        var result = new OperationResult { OperationId = Guid.NewGuid(), Outcome = outcome, Plan = new Plan(), Answer = answer };
        var links = NextSteps.After(operation, result, Cluster.Snapshot() with { Calico = Api.ReachabilitySample.State() });
        Assert.Equal(Links.AuditEntry(result.OperationId), links[^1].Href);
        return string.Join(" | ", links[..^1].Select(l => $"{l.Text} {l.Href}{(l.IsNext ? " !" : "")}"));
    }
}
