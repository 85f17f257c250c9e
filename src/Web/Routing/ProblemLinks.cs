using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Problems;

namespace CalicoConsole.Web.Routing;

/// <summary>Where problems are looked at and mended: the one table from what a problem is about to its page. Checks know no addresses.</summary>
internal static class ProblemLinks
{
    /// <summary>The page of a subject; for several of them, of their list.</summary>
    public static string Page(ProblemSubject subject) => (subject.Kind, subject.Name.Length == 0) switch
    {
        (SubjectKind.Container, true) => Links.Containers,
        (SubjectKind.Endpoint, true) => $"{Links.Endpoints}?state=no%20container",
        (SubjectKind.IPPool, true) => Links.IPPools,
        (SubjectKind.Node, true) => Links.Nodes,
        (SubjectKind.Network, true) => Links.Networks,
        (SubjectKind.Policy, true) => Links.Policies,
        (SubjectKind.Profile, true) => Links.Profiles,
        (SubjectKind.Assertion, true) => Links.Assertions,
        (SubjectKind.Operation, true) => Links.Audit,
        _ => One(subject),
    };

    /// <summary>The words and the form of what mends a problem.</summary>
    public static (string Text, string Href) Mend(ProblemMend mend) => mend.Kind switch
    {
        MendKind.StartContainer => ("Start", Links.ChangeContainer("start", mend.Host, mend.Container)),
        MendKind.ReleaseEndpoint => ("Release endpoint", Links.ReleaseEndpoint(mend.Host, mend.Network, mend.Container)),
    };

    private static string One(ProblemSubject subject) => subject.Kind switch
    {
        SubjectKind.Feed => "/#feeds",
        SubjectKind.EtcdMember or SubjectKind.EtcdAlarm => "/#etcd",
        SubjectKind.UnreadableKey => "/#unparsable",
        SubjectKind.OtherKey => Links.OtherKeys,
        SubjectKind.Node => Links.Node(subject.Id.Length > 0 ? subject.Id : subject.Name),
        SubjectKind.Container => Links.Container(subject.Host, subject.Id),
        SubjectKind.Endpoint => subject.Endpoint is { } e ? Links.Endpoint(e.Node, e.Orchestrator, e.Workload, e.Name) : Links.Endpoints,
        SubjectKind.IPPool => Links.IPPool(Cidr.Parse(subject.Name)),
        SubjectKind.Network => Links.Network(subject.Id.Length > 0 ? subject.Id : subject.Name),
        SubjectKind.IpamFinding => Links.Findings(subject.Pool, subject.Block),
        SubjectKind.Policy => Links.Policy(subject.Name),
        SubjectKind.Profile => Links.Profile(subject.Name),
        SubjectKind.OpenStack => subject.Parameter is { } parameter ? Links.Parameter(RawConfiguration.Felix, parameter) : Links.OpenStack,
        SubjectKind.Assertion => Links.Assertion(subject.Name),
        SubjectKind.Operation => Links.AuditEntry(Guid.Parse(subject.Name)),
    };
}
