using System.Net.Http.Json;
using System.Text.Json;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Scenes;
using CalicoConsole.Tests;
using CalicoConsole.Web.Areas.Audit;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>Walks every type of operation: nothing of what a page, the audit or the API says of one may be missing.</summary>
public sealed class OperationTypesTests(ConsoleFactory console) : IClassFixture<ConsoleFactory>
{
    /// <summary>Where the API does the same, by the operationId of its description.</summary>
    private static readonly Dictionary<Type, string[]> Api = new()
    {
        [typeof(WriteResource)] = ["createIPPool", "updateIPPool", "createProfile", "updateProfile", "createPolicy", "updatePolicy", "createBgpPeer",
            "updateBgpPeer", "createHostEndpoint", "updateHostEndpoint", "runManifest"],
        [typeof(DeleteResource)] = ["deleteIPPool", "deleteProfile", "deletePolicy", "deleteBgpPeer", "deleteHostEndpoint", "runManifest"],
        [typeof(ApplyManifest)] = ["runManifest"],
        [typeof(SetConfiguration)] = ["setConfig", "unsetConfig"],
        [typeof(ReleaseAddresses)] = ["releaseAddresses"],
        [typeof(ReleaseAffinity)] = ["releaseAffinity"],
        [typeof(RebuildHandle)] = ["rebuildHandle"],
        [typeof(SetIpamConfig)] = ["setIpamConfig"],
        [typeof(AttachProfile)] = ["attachProfile"],
        [typeof(DetachProfile)] = ["detachProfile"],
        [typeof(SwapProfile)] = ["swapProfile"],
        [typeof(JoinVms)] = ["joinVms"],
        [typeof(SaveKept)] = ["createAssertion", "updateAssertion", "createDraft", "updateDraft"],
        [typeof(DeleteKept)] = ["deleteAssertion", "discardDraft"],
        [typeof(ReorderPolicies)] = ["setPolicyOrder"],
        [typeof(DisablePolicy)] = ["disablePolicy"],
        [typeof(EnablePolicy)] = ["enablePolicy"],
        [typeof(DeleteDisabledPolicy)] = ["enablePolicy"],
        [typeof(DeployCalicoNode)] = ["deployCalicoNode"],
        [typeof(RemoveCalicoNode)] = ["removeCalicoNode"],
        [typeof(CreateNetwork)] = ["createNetwork"],
        [typeof(DeleteNetwork)] = ["deleteNetwork"],
        [typeof(ReleaseEndpoint)] = ["releaseEndpoint"],
        [typeof(CreateContainer)] = ["createContainer"],
        [typeof(ChangeContainer)] = [.. ContainerAction.All.Select(a => $"{a.Verb}Container")],
        [typeof(RemoveKey)] = ["removeKey"],
        [typeof(Ping)] = ["pingFromContainer"],
        [typeof(ConnectTcp)] = ["connectFromContainer"],
        [typeof(SetContainerMac)] = ["setContainerMac"],
        [typeof(Diagnose)] = ["diagnose"],
        [typeof(PlayScene)] = ["makeFault", "takeBackFault"],
        [typeof(Capture)] = ["capture"],
        [typeof(LoadHelperImage)] = ["loadHelperImage"],
        [typeof(SweepHelpers)] = ["sweepHelpers"],
    };

    // The sandbox throws its own cluster away from its own notice; there is no such thing in a console with a datastore.
    private static readonly Type[] NotByApi = [typeof(ResetSandbox)];

    private static IReadOnlyList<Type> Types => OperationSamples.Types;

    public static TheoryData<string> Samples => [.. OperationSamples.All.Select(Key)];

    [Fact]
    public void EveryType_HasASampleAndARouteOfTheApi()
    {
        Assert.Equal(Types.Select(t => t.Name).Order(StringComparer.Ordinal),
            OperationSamples.All.Select(o => o.GetType().Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal(Types.Except(NotByApi).Select(t => t.Name).Order(StringComparer.Ordinal), Api.Keys.Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Type_NameWordsLinksAndFilter_AreThere(string sample)
    {
        var operation = OperationSamples.All.Single(o => Key(o) == sample);
        Assert.Matches("^[a-z][A-Za-z]*\\.[a-z][A-Za-z]*$", operation.Name);
        Assert.NotEmpty(operation.ObjectName);

        // A name for people in lists, with the kind in words.
        Assert.NotEqual(operation.Name, OperationWords.For(operation.Name));
        Assert.Matches("^[A-Z][a-z]", OperationWords.For(operation.Name));
        Assert.DoesNotContain(".", OperationWords.For(operation.Name), StringComparison.Ordinal);
        Assert.NotNull(KindWords.Find(operation.ObjectKind));

        // The type says by which names it is recorded, and its own words begin with those of lists.
        Assert.Contains(OperationWords.Names, n => n.Name == operation.Name && n.Title == operation.Words.Title);
        Assert.Equal(operation.Words.Title, OperationWords.For(operation.Name));

        // The audit's filter offers the kind.
        Assert.Contains(operation.ObjectKind, AuditFilter.Kinds);

        // While it runs and when it ended: sentences of their own, without the stable name.
        var result = new OperationResult { OperationId = Guid.NewGuid(), Outcome = OperationOutcome.Succeeded, Plan = new Plan() };
        foreach (var sentence in new[] { OutcomeWords.Doing(operation), OutcomeWords.Ended(operation, result) })
        {
            Assert.DoesNotContain(operation.Name, sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("Done:", sentence, StringComparison.Ordinal);
            Assert.DoesNotMatch("\\b(ipPool|bgpPeer|hostEndpoint|workloadEndpoint|disabledPolicy|calicoNode)\\b", sentence);
        }

        // A link to what it was about beside its audit entry.
        Assert.Contains(NextSteps.After(operation, result, Cluster.Snapshot()), s => s.Href != Links.AuditEntry(result.OperationId));
    }

    [Fact]
    public void Names_OfEveryType_AreItsOwnAndHaveASample()
    {
        Assert.All(OperationSamples.Types, t => Assert.True(t.IsAssignableTo(typeof(INamedOperation)), t.Name));
        Assert.Equal(OperationWords.Names.Length, OperationWords.Names.Select(n => n.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(OperationWords.Names.Select(n => n.Name).Order(StringComparer.Ordinal),
            OperationSamples.All.Select(o => o.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ipPool.update", "Edit IP pool")]
    [InlineData("profile.update", "Edit profile")]
    [InlineData("session.signIn", "Sign in")]
    [InlineData("session.signOut", "Sign out")]
    [InlineData("draft.delete", "Discard draft")]
    [InlineData("host.reboot", "host.reboot")]
    [InlineData("host.update", "host.update")]
    [InlineData("", "")]
    public void StableName_OfAnotherVersionOrOfTheConsole_HasTodaysWords(string name, string words) => Assert.Equal(words, OperationWords.For(name));

    [Fact]
    public void EveryKind_HasAListAndAPage()
    {
        Assert.Equal(Kind.Names.Order(StringComparer.Ordinal), KindPages.All.Select(k => k.Kind).Order(StringComparer.Ordinal));
        Assert.Equal(KindPages.All.Length, KindPages.All.Select(k => k.List).Distinct(StringComparer.Ordinal).Count());
        foreach (var id in OperationSamples.All.OfType<WriteResource>().Select(o => o.Id).Distinct())
        {
            Assert.StartsWith($"{KindPages.Find(id.Kind)!.List}/", Links.Resource(id), StringComparison.Ordinal);
        }

        Assert.Null(Links.Resource(new ResourceId(KindNames.IPPool, "no-cidr")));
        Assert.Null(Links.Resource(new ResourceId("network", "my_net")));
    }

    [Fact]
    public async Task EveryType_OpenApi_DescribesItsRoutes()
    {
        var document = await console.Api().GetFromJsonAsync<JsonElement>("/openapi/v1.json", TestContext.Current.CancellationToken);
        var known = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject())
            .Where(m => m.Value.ValueKind == JsonValueKind.Object && m.Value.TryGetProperty("operationId", out _))
            .ToDictionary(m => m.Value.GetProperty("operationId").GetString()!, m => m.Value, StringComparer.Ordinal);
        Assert.Empty(Api.Values.SelectMany(ids => ids).Except(known.Keys, StringComparer.Ordinal));
        Assert.All(Api.Values.SelectMany(ids => ids), id => Assert.NotEmpty(known[id].GetProperty("summary").GetString()!));
    }

    private static string Key(Operation operation) => $"{operation.GetType().Name} {operation.Name}";
}
