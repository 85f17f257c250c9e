namespace CalicoConsole.Core.Manifests;

/// <summary>How much the aliases of a whole manifest may still write out, so that a short text does not become an endless one. Not thread-safe.</summary>
internal sealed class YamlBudget
{
    private int _left = 100_000;

    /// <summary>Takes from it; false when nothing is left.</summary>
    public bool Spend(int nodes) => (_left -= nodes) >= 0;
}
