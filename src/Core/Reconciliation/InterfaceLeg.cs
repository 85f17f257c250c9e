using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>Judges the host's end of a workload's interface. Pure.</summary>
internal static class InterfaceLeg
{
    private const string Nothing = "Felix routes its address nowhere: nothing reaches it.";

    /// <summary>Of a workload endpoint.</summary>
    /// <param name="facts">What is known.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="place">Its container's place; null when there is none.</param>
    public static LegView Judge(LegFacts facts, WorkloadEndpoint endpoint, Place? place)
    {
        var (id, name) = (endpoint.Id, endpoint.InterfaceName);
        if (name.Length == 0)
        {
            return With(new(LegState.Missing, "the endpoint names no interface") { Consequence = "Felix ignores the endpoint." }, place);
        }

        if (facts.UsersOf(id.Node, name) is > 1 and var users)
        {
            return With(new(LegState.Doubled, $"{users} endpoints of {id.Node} name the interface {name}")
            {
                Consequence = "Felix programs the rules of one of them for it, and the others get nothing.",
            }, place);
        }

        return id.Orchestrator == LegWords.Libnetwork ? Judge(facts, id.Node, name, id.Name, place)
            : facts.InterfacesOf(id.Node) is { Names: { } names }
                ? names.ContainsKey(name) ? LegWords.There(name)
                    : new(LegState.Missing, $"{id.Node} has no interface {name}") { Consequence = Nothing, Command = Shown }
                : LegWords.NotRead(facts.InterfacesOf(id.Node).Missing);
    }

    /// <summary>Of an interface that Docker's plugin made.</summary>
    public static LegView Judge(LegFacts facts, string node, string name, string endpointId, Place? place)
    {
        var (names, missing) = facts.InterfacesOf(node);
        if (names is null)
        {
            return LegWords.NotRead(missing);
        }

        if (names.ContainsKey(name))
        {
            return LegWords.There(name);
        }

        if (place is not { IsHeld: true } held || held.View.NodeName != node)
        {
            return facts.LiveHosts.Overlaps(facts.HostsByNode[node].Select(h => h.Name))
                ? LegWords.DoesNotApply("no running container would have it") : LegWords.NotRead($"whether a container runs on {node} is not known");
        }

        if (!facts.WasThere(endpointId))
        {
            return LegWords.NotRead("it came after the interfaces were read");
        }

        var usual = LegWords.InterfaceOf(endpointId);
        return With(
            usual != name && names.ContainsKey(usual)
                ? new(LegState.Differs, $"the endpoint names the interface {name}, and {held.View.Host} has {usual} for it") { Consequence = Nothing }
                : new(LegState.Missing, $"{held.View.Host} has no interface {name}") { Consequence = Nothing },
            place);
    }

    /// <summary>Of an interface that no endpoint has.</summary>
    public static LegView Orphan(string host, string name) => new(LegState.Differs, $"{host} has an interface {name} that no endpoint has")
    {
        Consequence = "It is left over from a container that is gone: it carries nothing and hinders nobody.",
        Command = ShellCommand.Join(["ip", "link", "del", name]),
    };

    private static string Shown => ShellCommand.Join(["ip", "-o", "link", "show"]);

    private static LegView With(LegView view, Place? place) => place is not { } held ? view with { Command = Shown }
        : view with { Mend = DockerLeg.Restart(held), Command = DockerLeg.RestartCommand(held) };
}
