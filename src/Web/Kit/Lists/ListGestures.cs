using Microsoft.JSInterop;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>What the browser tells a list when somebody has dragged a column or its edge: once, at the end.</summary>
/// <param name="resized">Takes the widths of all drawn columns, by key.</param>
/// <param name="moved">Takes a column's key and by how many places it moved.</param>
public sealed class ListGestures(Func<IReadOnlyDictionary<string, int>, Task> resized, Func<string, int, Task> moved)
{
    /// <summary>Called by list.js.</summary>
    [JSInvokable]
    public Task OnResized(Dictionary<string, int> widths) => resized(widths);

    /// <summary>Called by list.js.</summary>
    [JSInvokable]
    public Task OnMoved(string key, int by) => moved(key, by);
}
